import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';
import type { Bundle } from './bundle.ts';

/** The engine's state holds a bundle twice, and every run carries it: more than this is a mistake */
const largestBytes = 4_000_000;
/** What a tar's header has room for */
const longestName = 100;

/**
 * A bundle as text for a remote command's standard input: a line with its length and SHA-256, then a compressed tar in
 * base64. The same bundle always gives the same text.
 * @param incarnation the server's own id, a third word of the line: a server made anew is a change, whatever its address
 * @throws when it is larger than 4 MB, naming the biggest entries, or a path is too long
 */
export function archive(bundle: Bundle, incarnation = ''): string {
  const files = Object.entries(bundle.entries).sort(([a], [b]) => (a < b ? -1 : 1));
  // The library would cut it
  const long = files.find(([name]) => Buffer.byteLength(name) > longestName);
  if (long)
    throw new Error(`the path ${long[0]} in the bundle of ${bundle.system} is longer than ${longestName} bytes`);
  const tar = createTar(files.map(([name, data]) => ({ name, data, attrs: { mode: '600', mtime: 0 } })));
  // The library ends some archives a block early, which tar complains of
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
