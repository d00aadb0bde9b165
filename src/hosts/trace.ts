import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { resolve } from 'node:path';

/**
 * What Pulumi asks traces for that nobody reads, which would take a fifth of a preview: of each promise that it makes, in
 * case it leaks, and of each resource, whose place in this computer's checkout it would keep in the state
 */
const unread: readonly (string | null | undefined)[] = ['debuggablePromise', 'callsites'];

/** What an error's trace says: each frame at its line in the source, by the map beside the bundle */
export function trace(error: Error, frames: readonly NodeJS.CallSite[]): string {
  if (unread.includes(frames[0]?.getFunctionName())) return '';
  return [`${error}`, ...frames.map(line)].join('\n    at ');
}

function line(frame: NodeJS.CallSite): string {
  const file = frame.getFileName() ?? '';
  const place = mapOf(file)?.findOrigin(frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
  if (!place || !('lineNumber' in place)) return `${frame}`;
  const { fileName, lineNumber, columnNumber } = place;
  return `${frame}`.replace(
    /[^\s(]+:\d+:\d+(\)?)$/,
    `${resolve(file, '..', fileName)}:${lineNumber}:${columnNumber}$1`,
  );
}

const maps = new Map<string, SourceMap | undefined>();

/** Read when the first error asks for it */
function mapOf(bundle: string): SourceMap | undefined {
  if (!bundle.endsWith('.cjs') || maps.has(bundle)) return maps.get(bundle);
  let map: SourceMap | undefined;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  } catch {
    // A bundle of somebody else's
  }
  maps.set(bundle, map);
  return map;
}
