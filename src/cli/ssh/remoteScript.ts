import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { MachineOutputs, SshLogin } from '../outputs.ts';

export interface RemoteRun {
  /** Exit code of the script; undefined where a signal or a broken connection ended it */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** Returns why a script failed: the last line of its errors, or its exit code */
export const failureOf = ({ code, stderr }: RemoteRun): string =>
  stderr.trim().split('\n').at(-1) || `it ended with code ${code ?? 'none'}`;

const loginSeconds = 15;
const largestBytes = 1_000_000;

/**
 * Runs a script as root on a machine, passed on standard input and never written there.
 * @param words arguments of the script: letters, digits and dashes only
 * @param timeoutSeconds how long it may run, not counting the login; it is then ended on the machine too
 * @throws as `runRemoteCommand` does
 */
export const runRemotely = (
  machine: Pick<MachineOutputs, 'ssh'>,
  privateKey: string,
  script: string,
  words: readonly string[],
  timeoutSeconds = 120,
): Promise<RemoteRun> => {
  const command = `sudo -n timeout ${timeoutSeconds} bash -s -- ${words.join(' ')}`;
  return runRemoteCommand(machine, privateKey, command, script, timeoutSeconds);
};

/**
 * Runs a command on a machine, by way of its bastion where it has one; the private key stays in this process.
 * @param input what the command reads on its standard input
 * @param timeoutSeconds how long it may run, login left out
 * @param seen is given the standard output as it comes, which is then not kept. @default it is kept, up to 1 MB
 * @param complaint is given the standard error as it comes, which is kept too
 * @throws when the machine can't be logged in to, or shows another host key than the pinned one
 */
export async function runRemoteCommand(
  { ssh: to }: Pick<MachineOutputs, 'ssh'>,
  privateKey: string,
  command: string,
  input: string,
  timeoutSeconds: number,
  seen?: (output: Buffer) => void,
  complaint?: (output: Buffer) => void,
): Promise<RemoteRun> {
  const bastion = new ssh2.Client();
  const client = new ssh2.Client();
  try {
    const way = to.proxy && (await throughBastion(bastion, to.proxy, to, privateKey));
    await loggedIn(client, to, privateKey, way);
    return await answered(client, command, input, timeoutSeconds + loginSeconds, seen, complaint);
  } finally {
    client.destroy();
    bastion.destroy();
  }
}

/** Returns a connection to the machine's SSH server that the bastion forwards; every error names the bastion */
async function throughBastion(
  client: ssh2.Client,
  bastion: SshLogin,
  { address, port }: SshLogin,
  privateKey: string,
): Promise<Duplex> {
  try {
    await loggedIn(client, bastion, privateKey);
    return await new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`no answer at ${address}:${port} within ${loginSeconds} s`));
      const timer = setTimeout(late, loginSeconds * 1000);
      client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(channel);
      });
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the bastion ${bastion.user}@${bastion.address}:${bastion.port}: ${why}`);
  }
}

function loggedIn(client: ssh2.Client, to: SshLogin, privateKey: string, sock?: Duplex): Promise<void> {
  const [type = '', pinned = ''] = to.hostKey.trim().split(/\s+/);
  return new Promise((resolve, reject) => {
    let mismatch = false;
    client.once('ready', resolve).on('error', (error) => {
      reject(mismatch ? new Error('its host key is not the pinned one') : error);
    });
    client.once('close', () => reject(new Error('it closed the connection')));
    client.connect({
      ...(sock ? { sock } : { host: to.address, port: to.port }),
      username: to.user,
      privateKey,
      readyTimeout: loginSeconds * 1000,
      keepaliveInterval: 20_000,
      keepaliveCountMax: 6,
      algorithms: { serverHostKey: [type as ssh2.ServerHostKeyAlgorithm] },
      hostVerifier: (shown: Buffer) => {
        mismatch = shown.toString('base64') !== pinned;
        return !mismatch;
      },
    });
  });
}

function answered(
  client: ssh2.Client,
  command: string,
  input: string,
  withinSeconds: number,
  seen?: (output: Buffer) => void,
  complaint?: (output: Buffer) => void,
): Promise<RemoteRun> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end within ${withinSeconds} s`)), withinSeconds * 1000);
    const settled = (settle: () => void) => (): void => {
      clearTimeout(timer);
      settle();
    };
    client.once('error', (error) => settled(() => reject(error))());
    client.exec(command, (error, channel) => {
      if (error) return settled(() => reject(error))();
      const run: RemoteRun = { code: undefined, stdout: '', stderr: '' };
      channel.on('data', (data: Buffer) => {
        if (seen) seen(data);
        else run.stdout = `${run.stdout}${data}`.slice(0, largestBytes);
      });
      channel.stderr.on('data', (data: Buffer) => {
        complaint?.(data);
        run.stderr = `${run.stderr}${data}`.slice(0, largestBytes);
      });
      channel.once('exit', (code: number | null) => {
        run.code = code ?? undefined;
      });
      channel.once(
        'close',
        settled(() => resolve(run)),
      );
      // A command may end before all of it is read: only its exit code counts
      channel.on('error', () => undefined).end(input);
    });
  });
}
