import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { Client as SshClient } from 'ssh2';
import { convergeCommand } from '../../src/hosts/commands.ts';
import { archive } from '../../src/render/archive.ts';
import type { Release } from '../../src/render/releaseFormat.ts';
import { run, type TestStack } from './stack.ts';

/** Connection and bundle of the stack's last release, with which a test can repeat it without Pulumi's engine */
export interface LastRelease {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  /** The bundle as it was sent to the machine */
  bundle: string;
}

export type Entries = Record<string, string>;

export interface Sent {
  code: number | undefined;
  /** Standard output and error output as one text */
  output: string;
}

export interface Sending {
  done: Promise<Sent>;
  /** Closes the connection, as a network failure or a killed engine would */
  drop(): void;
}

/** Reads a machine's live release from the stack's state */
export async function lastRelease(
  stack: Pick<TestStack, 'place' | 'environment'>,
  machine = 'basegun-web-0',
): Promise<LastRelease> {
  const words = ['stack', 'export', '--show-secrets', '--stack', stack.place.stack];
  const { output } = await run('pulumi', words, stack.environment);
  const { resources } = (JSON.parse(output) as { deployment: { resources: StateResource[] } }).deployment;
  const inputs = resources.find(({ urn }) => urn.endsWith(`::${machine}-release`))?.inputs;
  if (!inputs) throw new Error(`the state has no release: ${resources.map(({ urn }) => urn).join(', ')}`);
  const connection = plaintext(inputs.connection) as Omit<LastRelease, 'bundle'>;
  return { ...connection, bundle: plaintext(inputs.stdin) as string };
}

interface StateResource {
  urn: string;
  inputs?: { connection: Secret; stdin: Secret };
}

interface Secret {
  plaintext: string;
}

/** Decodes a secret of the state and the secrets in it, such as the connection's private key */
const plaintext = (secret: Secret): unknown =>
  JSON.parse(secret.plaintext, (_key, value) => (value?.plaintext === undefined ? value : JSON.parse(value.plaintext)));

/**
 * Sends a bundle as the engine does: with the same command, login and standard input
 * @param command that receives it on the machine. @default the command of this version
 */
export function send({ bundle, ...to }: LastRelease, command = convergeCommand): Sending {
  const client = new SshClient();
  const done = (async () => {
    client.connect(to);
    await once(client, 'ready');
    // A connection that is lost later closes the channel
    client.on('error', () => undefined);
    const channel = await new Promise<import('ssh2').ClientChannel>((resolve, reject) =>
      client.exec(command, (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    const sent: Sent = { code: undefined, output: '' };
    const add = (data: Buffer): void => {
      sent.output += data.toString();
    };
    channel.on('data', add).stderr.on('data', add);
    channel.once('exit', (code: number | null) => {
      sent.code = code ?? undefined;
    });
    channel.end(bundle);
    await once(channel, 'close');
    client.end();
    return sent;
  })();
  return { done, drop: () => client.destroy() };
}

/** Returns the files of a bundle, by path */
export function entriesOf({ bundle }: LastRelease): Entries {
  const [, body = ''] = bundle.split('\n');
  const files = parseTar(gunzipSync(Buffer.from(body, 'base64')));
  return Object.fromEntries(files.map((file) => [file.name, file.text]));
}

/** Returns a bundle with changed entries, with new checksums, packed as berth does */
export function changed(release: LastRelease, change: (entries: Entries) => Entries): LastRelease {
  const entries = change(entriesOf(release));
  const summed = withRelease(entries, ({ files, ...all }) => ({
    ...all,
    files: files.map((file) => ({ ...file, sha256: sha256(entries[`files${file.path}`] ?? '') })),
  }));
  return { ...release, bundle: archive({ system: 'basegun', hash: '', entries: summed }) };
}

/** Returns the release of a bundle as the machine reads it (`release.json`) */
export const releaseIn = (entries: Entries): Release => JSON.parse(entries['release.json'] ?? '') as Release;

/** Returns a bundle's entries with a changed `release.json` */
export const withRelease = (entries: Entries, change: (release: Release) => Release): Entries => ({
  ...entries,
  'release.json': `${JSON.stringify(change(releaseIn(entries)), null, 2)}\n`,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Replaces a text everywhere in the entries, in their names too */
export const renamed = (entries: Entries, from: string, to: string): Entries =>
  Object.fromEntries(
    Object.entries(entries).map(([name, text]) => [name.replaceAll(from, to), text.replaceAll(from, to)]),
  );
