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
  const tar = createTar(files.map(([name, data]) => ({ name, data, attrs: { mode: '600', mtime: 0 } })));
  // nanotar ends some archives one block early, and tar then reports an error
  const body = gzipSync(Buffer.concat([tar, Buffer.alloc(1024)])).toString('base64');
  if (body.length > largestBytes) throw new Error(tooLarge(bundle, body.length));
  const words = [
    `${body.length}`,
    createHash('sha256').update(body).digest('hex'),
    ...(incarnation ? [incarnation] : []),
  ];
  return `${words.join(' ')}\n${body}`;
}

function tooLarge(bundle: Bundle, bytes: number): string {
  const biggest = Object.entries(bundle.entries)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, 3)
    .map(([name, data]) => `${name} (${data.length} bytes)`);
  return `the bundle of ${bundle.system} takes ${bytes} bytes compressed, at most ${largestBytes} are allowed; its biggest entries: ${biggest.join(', ')}`;
}
