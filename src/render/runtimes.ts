import { type Runtime, runtimesOf } from '../model/runtimes.ts';
import type { Source } from '../model/service.ts';
import { sourcesFolder } from './paths.ts';
import { templateText } from './template.ts';

/** Where a machine looks for programs without a path: first in the runtimes of a source, which are none where Debian's do */
export const searchPath = (system: string, source: Source): string =>
  [
    ...runtimesOf(source.runtimes).map((one) => `${sourcesFolder(system)}/runtimes/${runtimeName(one)}/bin`),
    ...['/usr/local/bin', '/usr/bin', '/bin'],
  ].join(':');

/** Name of its folder on a machine; src/hosts/host/release.py says the same */
const runtimeName = ({ language, version }: Runtime): string => `${language}-${version}`;

/** Returns the bundle entry that names uv with its checksums; none where no source asks for a Python */
export const runtimeEntries = (sources: readonly Source[]): Record<string, string> =>
  sources.some(({ runtimes }) => runtimes?.python) ? { 'builds/uv.txt': templateText('runtimes/uv.txt', {}) } : {};

/** Debian packages that fetch the runtimes of a source */
export const runtimePackages = ({ runtimes }: Source): readonly string[] => (runtimes?.python ? ['python3-venv'] : []);
