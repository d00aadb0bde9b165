import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { resolve } from 'node:path';

/**
 * Formats an error's stack trace with source lines from the bundle's source map. For the call sites of resources the
 * result is empty, since Pulumi would store paths of this checkout in the state.
 */
export function trace(error: Error, frames: readonly NodeJS.CallSite[]): string {
  if (frames[0]?.getFunctionName() === 'callsites') return '';
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

/** Reads a bundle's source map at the first error */
function mapOf(bundle: string): SourceMap | undefined {
  if (!bundle.endsWith('.cjs') || maps.has(bundle)) return maps.get(bundle);
  let map: SourceMap | undefined;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')));
  } catch {
    // A bundle of another program, without a source map
  }
  maps.set(bundle, map);
  return map;
}
