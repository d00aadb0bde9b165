import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import type { Bundle } from './bundle.ts';

/** Pulumi's state holds each bundle twice and every run transfers it; a larger one is a mistake */
const largestBytes = 4_000_000;
/** Length of the name field of a tar header */
const longestName = 100;

/**
 * Returns a bundle as text for the standard input of a remote command: a line with its length and SHA-256, then a
 * gzipped tar in base64. Equal bundles give equal texts.
 * @param incarnation the server's id, added to the first line: a replaced server counts as a change even with the same
 * address
 * @throws when it is larger than 4 MB, naming the largest entries, or when a path is too long
 */
export function archive(bundle: Bundle, incarnation = ''): string {
  const files = Object.entries(bundle.entries).sort(([a], [b]) => (a < b ? -1 : 1));
  // nanotar truncates longer names
  const long = files.find(([name]) => Buffer.byteLength(name) > longestName);
  if (long)
    throw new Error(`the path ${long[0]} in the bundle of ${bundle.system} is longer than ${longestName} bytes`);
  const isEngine = ([name]: File) => name.startsWith('engine/');
  const parts = [engineMember(files.filter(isEngine)), member(files.filter((file) => !isEngine(file))), end];
  const body = Buffer.concat(parts).toString('base64');
  if (body.length > largestBytes) throw new Error(tooLarge(bundle, body.length));
  const words = [
    `${body.length}`,
    createHash('sha256').update(body).digest('hex'),
    ...(incarnation ? [incarnation] : []),
  ];
  return `${words.join(' ')}\n${body}`;
}

type File = readonly [name: string, data: string];

/** Members of a gzip file that follow each other are read as one */
const member = (files: readonly File[]): Buffer => gzipSync(records(files));

/** The two empty blocks after the last file */
const end = gzipSync(Buffer.alloc(1024));

let latest: { files: readonly File[]; member: Buffer } | undefined;

/** Compresses the release engine once for all machines: it is the largest part of each bundle, and the same in all */
function engineMember(files: readonly File[]): Buffer {
  if (!latest || !sameFiles(files, latest.files)) latest = { files, member: member(files) };
  return latest.member;
}

const sameFiles = (some: readonly File[], others: readonly File[]): boolean =>
  some.length === others.length &&
  some.every(([name, data], at) => name === others[at]?.[0] && data === others[at]?.[1]);

/** Returns a tar of these files without its end, which nanotar writes one block early where it fills the last one */
function records(files: readonly File[]): Uint8Array {
  const tar = createTar(files.map(([name, data]) => ({ name, data, attrs: { mode: '600', mtime: 0 } })));
  const blocks = files.reduce((sum, [, data]) => sum + 1 + Math.ceil(Buffer.byteLength(data) / 512), 0);
  return tar.subarray(0, blocks * 512);
}

function tooLarge(bundle: Bundle, bytes: number): string {
  const biggest = Object.entries(bundle.entries)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 3)
    .map(([name, data]) => `${name} (${data.length} bytes)`);
  return `the bundle of ${bundle.system} takes ${bytes} bytes compressed, at most ${largestBytes} are allowed; its biggest entries: ${biggest.join(', ')}`;
}
