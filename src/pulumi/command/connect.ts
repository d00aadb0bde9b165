import net from 'node:net';

/**
 * Opens a TCP connection. As in the plugin, the time limit covers only this step; 0 leaves only the kernel's limit.
 * Errors have the wording of Go's.
 */
export function connect(to: { host: string; port: number; timeoutSeconds: number }): Promise<net.Socket> {
  const { host, port, timeoutSeconds } = to;
  const { promise, resolve, reject } = settlement<net.Socket>();
  if (port < 0 || port > 65535) {
    reject(new Error(`dial tcp: address ${port}: invalid port`));
    return promise;
  }
  const socket = net.connect({ host, port, autoSelectFamily: false, noDelay: true });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const endpoint = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const timer =
    timeoutSeconds === 0
      ? undefined
      : setTimeout(() => socket.destroy(new Error(`dial tcp ${endpoint}: i/o timeout`)), timeoutSeconds * 1000);
  socket.once('connect', () => {
    clearTimeout(timer);
    socket.removeAllListeners('error');
    resolve(socket);
  });
  socket.once('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    reject(error.syscall === undefined ? error : new Error(failed(error, host, endpoint)));
  });
  return promise;
}

/**
 * Connects to the SSH agent of the environment. The genuine plugin does so before it dials, and fails if it can't,
 * although it never uses the agent if a private key is given.
 */
export function checkAgent(path: string | undefined): Promise<void> {
  const { promise, resolve, reject } = settlement<void>();
  if (path === undefined || path === '') {
    resolve();
    return promise;
  }
  const socket = net.connect({ path });
  socket.once('connect', () => {
    socket.destroy();
    resolve();
  });
  socket.once('error', (error: NodeJS.ErrnoException) =>
    reject(new Error(`dial unix ${path}: connect: ${reason(error.code) ?? error.message}`)),
  );
  return promise;
}

/** Returns the kernel's error in Go's words; `undefined` for an unknown one */
export function reason(code: string | undefined): string | undefined {
  return code === undefined ? undefined : reasons[code];
}

const KEEP_ALIVE_MS = 15_000;

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ENOENT: 'no such file or directory',
  ENOTFOUND: 'no such host',
  EACCES: 'permission denied',
  EPIPE: 'broken pipe',
  ETIMEDOUT: 'connection timed out',
};

function failed(error: NodeJS.ErrnoException, host: string, endpoint: string): string {
  return error.syscall === 'connect'
    ? `dial tcp ${endpoint}: connect: ${reason(error.code) ?? error.message}`
    : `dial tcp: lookup ${host}: ${reason(error.code) ?? error.message}`;
}

function settlement<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
