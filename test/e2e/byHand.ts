import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { Client as SshClient } from 'ssh2';
import { convergeCommand } from '../../src/hosts/commands.ts';
import { archive } from '../../src/render/archive.ts';
import type { Release } from '../../src/render/releaseFormat.ts';
import { run, type TestStack } from './stack.ts';

/** What the engine used to release the stack's one machine, so that a test can do the same without it */
export interface LastRelease {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  /** The bundle as the machine took it */
  bundle: string;
}

export type Entries = Record<string, string>;

export interface Sent {
  code: number | undefined;
  /** What a person sees */
  output: string;
}

export interface Sending {
  done: Promise<Sent>;
  /** As when the network goes, or the engine is killed */
  drop(): void;
}

/** Reads the release that is live from the stack's state */
export async function lastRelease(stack: TestStack): Promise<LastRelease> {
  const words = ['stack', 'export', '--show-secrets', '--stack', stack.place.stack];
  const { output } = await run('pulumi', words, stack.environment);
  const { resources } = (JSON.parse(output) as { deployment: { resources: StateResource[] } }).deployment;
  const inputs = resources.find(({ urn }) => urn.endsWith('::basegun-web-0-release'))?.inputs;
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

/** A secret may hold further ones: the connection has the private key in it */
const plaintext = (secret: Secret): unknown =>
  JSON.parse(secret.plaintext, (_key, value) => (value?.plaintext === undefined ? value : JSON.parse(value.plaintext)));

/**
 * Sends a bundle as the engine does: the same command, login and standard input
 * @param command what receives it there. @default this berth's own
 */
export function send({ bundle, ...to }: LastRelease, command = convergeCommand): Sending {
  const client = new SshClient();
  const done = (async () => {
    client.connect(to);
    await once(client, 'ready');
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

/** What a bundle holds, by path */
export function entriesOf({ bundle }: LastRelease): Entries {
  const [, body = ''] = bundle.split('\n');
  const files = parseTar(gunzipSync(Buffer.from(body, 'base64')));
  return Object.fromEntries(files.map((file) => [file.name, file.text]));
}

/** The same bundle with some of its entries changed, summed and packed as berth does it */
export function changed(release: LastRelease, change: (entries: Entries) => Entries): LastRelease {
  const entries = change(entriesOf(release));
  const summed = withRelease(entries, ({ files, ...all }) => ({
    ...all,
    files: files.map((file) => ({ ...file, sha256: sha256(entries[`files${file.path}`] ?? '') })),
  }));
  return { ...release, bundle: archive({ system: 'basegun', hash: '', entries: summed }) };
}

/** What a machine reads of a bundle's release */
export const releaseIn = (entries: Entries): Release => JSON.parse(entries['release.json'] ?? '') as Release;

/** A bundle's entries with something changed in what the machine reads of its release */
export const withRelease = (entries: Entries, change: (release: Release) => Release): Entries => ({
  ...entries,
  'release.json': `${JSON.stringify(change(releaseIn(entries)), null, 2)}\n`,
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Every occurrence of a text by another, in the entries' names too */
export const renamed = (entries: Entries, from: string, to: string): Entries =>
  Object.fromEntries(
    Object.entries(entries).map(([name, text]) => [name.replaceAll(from, to), text.replaceAll(from, to)]),
  );
