import { once } from 'node:events';
import os from 'node:os';
import type ssh from 'ssh2';
import type { Output } from './output.ts';
import { quote } from './quote.ts';
import { rejection } from './rejection.ts';

/**
 * Runs a command in the user's login shell, without a terminal, and waits until it has ended and no process holds its
 * output
 * @throws with the command and its output, unless it exits with 0 and has read all of its stdin
 */
export async function run(client: ssh.Client, command: string, stdin: string, output: Output): Promise<void> {
  const channel = await open(client, command);
  let exit: Exit | undefined;
  let sent = false;
  channel.once('exit', (code: number | null, signal?: string, _dumped?: boolean, detail?: string) => {
    exit = { code, signal: signal?.replace(/^SIG/, ''), detail };
  });
  channel.on('data', (chunk: Buffer) => output.add('stdout', chunk));
  channel.stderr.on('data', (chunk: Buffer) => output.add('stderr', chunk));
  channel.once('finish', () => {
    sent = true;
  });
  channel.end(stdin);
  await once(channel, 'close');
  await output.end();

  // A command that ends before it has read its stdin has failed, whatever its exit status
  const reason = failure(exit) ?? (sent ? undefined : 'EOF');
  if (reason !== undefined) throw new Error(`${reason}: running ${quote(command)}:\n${output.mixed()}`);
}

interface Exit {
  code: number | null;
  signal: string | undefined;
  detail: string | undefined;
}

function open(client: ssh.Client, command: string): Promise<ssh.ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(new Error(refusal(error, command)));
    });
  });
}

function refusal(error: Error, command: string): string {
  if (error.message === 'Unable to exec') return `ssh: command ${command} failed: running ${quote(command)}:\n`;
  return rejection(error) ?? error.message;
}

function failure(exit: Exit | undefined): string | undefined {
  if (exit === undefined) return 'wait: remote command exited without exit status or exit signal';
  if (exit.code === 0) return undefined;
  if (exit.code !== null) return `Process exited with status ${exit.code}`;
  const numbers: Record<string, number | undefined> = os.constants.signals;
  const status = 128 + (numbers[`SIG${exit.signal}`] ?? 0);
  const detail = exit.detail ? `. Reason was: ${exit.detail}` : '';
  return `Process exited with status ${status} from signal ${exit.signal}${detail}`;
}
