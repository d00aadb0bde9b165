import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sshArguments } from '../../src/cli/ssh/session.ts';
import { convergeCommand } from '../../src/hosts/commands.ts';
import { run, type TestStack } from '../e2e/stack.ts';

/** The stack's one machine, as its release's own remote command reaches it: same key, same text, same input */
export interface Target {
  /** The bundle of the release that the stack's state holds, as the command's standard input takes it */
  bundle: string;
  /** Sends a bundle, in a connection of its own, and waits until its release is in place. @throws with what it said */
  converge(bundle: string): Promise<string>;
  close(): Promise<void>;
}

export async function target(stack: TestStack): Promise<Target> {
  const { connection, stdin } = await releaseInputs(stack);
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  const knownHosts = join(folder, 'known_hosts');
  const identity = join(folder, 'identity');
  await writeFile(knownHosts, `machine ${connection.hostKey}\n`);
  await writeFile(identity, connection.privateKey, { mode: 0o600 });
  const words = sshArguments(
    {
      name: 'machine',
      address: connection.host,
      port: connection.port,
      user: connection.user,
      hostKey: connection.hostKey,
      key: { file: identity },
      command: [convergeCommand],
    },
    { knownHosts, identity, interactive: false },
  );
  return {
    bundle: stdin,
    converge: (bundle) => fed('ssh', words, bundle),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const connection = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  privateKey: z.string(),
  hostKey: z.string(),
});
const exported = z.object({
  deployment: z.object({
    resources: z.array(z.object({ urn: z.string(), inputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});
/** A secret in an export: what it wraps is JSON */
const secret = z.object({ plaintext: z.string() }).transform(({ plaintext }) => JSON.parse(plaintext) as unknown);

async function releaseInputs(stack: TestStack) {
  const { output } = await run(
    'pulumi',
    ['stack', 'export', '--show-secrets', '--stack', stack.place.stack],
    stack.environment,
  );
  const { resources } = exported.parse(JSON.parse(output));
  const inputs = resources.find(({ urn }) => urn.endsWith('-release'))?.inputs;
  return { connection: secret.pipe(connection).parse(inputs?.connection), stdin: secret.pipe(z.string()).parse(inputs?.stdin) };
}

function fed(command: string, words: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`the release failed:\n${output}`))));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
