import { findSourceMap } from 'node:module';

/**
 * What an error's trace says: each frame at its line in the source, where the mapper that Pulumi brings doesn't know the
 * loader's maps. Of a promise it says nothing: Pulumi asks one of each that it makes, in case it leaks, which would
 * take a fifth of a preview.
 */
export function trace(error: Error, frames: readonly NodeJS.CallSite[]): string {
  if (frames[0]?.getFunctionName() === 'debuggablePromise') return '';
  return [`${error}`, ...frames.map(line)].join('\n    at ');
}

function line(frame: NodeJS.CallSite): string {
  const file = frame.getFileName();
  const map = file && /\.m?ts$/.test(file) ? findSourceMap(file) : undefined;
  const place = map?.findOrigin(frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0);
  if (!place || !('lineNumber' in place)) return `${frame}`;
  return `${frame}`.replace(/:\d+:\d+(\)?)$/, `:${place.lineNumber}:${place.columnNumber}$1`);
}
