import { once } from 'node:events';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import { freePort } from '../freePort.ts';

/** What speaks SSH as a machine does, some time after it was started; it records commands and says that they ended well */
export interface SlowMachine {
  port: number;
  /** Attempts to log in, whatever came of them */
  logins: number;
  commands: { command: string; stdin: string }[];
  stop(): Promise<void>;
}

/**
 * Starts a machine on a port of 127.0.0.1.
 * @param bootSeconds how long connections are refused, from the first one
 */
export async function slowMachine(options: {
  hostKey: string;
  deployKey: string;
  bootSeconds: number;
}): Promise<SlowMachine> {
  const { hostKey, deployKey, bootSeconds } = options;
  const allowed = ssh2.utils.parseKey(deployKey);
  if (allowed instanceof Error) throw allowed;
  // However late the first attempt comes, it is refused
  let boot: NodeJS.Timeout | undefined;
  const booting = createServer((socket) => {
    socket.destroy();
    boot ??= setTimeout(() => booting.close(() => server.listen(machine.port, '127.0.0.1')), bootSeconds * 1000);
  });
  const server = new ssh2.Server({ hostKeys: [hostKey] });
  const machine: SlowMachine = {
    port: await freePort(),
    logins: 0,
    commands: [],
    async stop() {
      clearTimeout(boot);
      booting.close();
      if (!server.address()) return;
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', (client) => {
    // A client that does not like the host key just goes
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      machine.logins++;
      const known = context.method === 'publickey' && context.key.data.equals(allowed.getPublicSSH());
      if (known) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) =>
      accept().on('exec', (acceptCommand, _reject, { command }) => {
        const channel = acceptCommand();
        let stdin = '';
        channel.on('data', (data: Buffer) => {
          stdin += data.toString();
        });
        channel.on('end', () => {
          machine.commands.push({ command, stdin });
          channel.exit(0);
          channel.end();
        });
      }),
    );
  });
  if (bootSeconds === 0) server.listen(machine.port, '127.0.0.1');
  else booting.listen(machine.port, '127.0.0.1');
  await once(bootSeconds === 0 ? server : booting, 'listening');
  return machine;
}
