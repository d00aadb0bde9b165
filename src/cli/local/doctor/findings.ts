import type { Examined } from '../../../clouds/local/setUp/examine.ts';

export interface Finding {
  /** `missing` prevents `berth local` from its work, `note` does not */
  state: 'there' | 'note' | 'missing';
  what: string;
  /** What was found, and what to do about it */
  text: string;
}

/** Returns what is there and what is missing on a computer, in the order in which `berth local` needs it */
export function findings(found: Examined): readonly Finding[] {
  const { node, docker, engine, plugin, missingImages, memoryMb, disk, cache, network, problems } = found;
  return [
    there('Node.js', node),
    ...(docker ? [there('docker', `${docker.version} answers, on cgroup ${docker.cgroup}`)] : []),
    engine === undefined
      ? note('engine', 'none yet: npx berth local downloads it, or builds it from its Go modules')
      : there('engine', engine),
    plugin === 'genuine'
      ? there('command plugin', 'the genuine one')
      : note('command plugin', "none downloaded: npx berth local downloads it, or uses berth's stand-in"),
    ...(missingImages === undefined ? [] : [images(missingImages)]),
    ...(memoryMb === undefined ? [] : [there('memory', `${Math.floor(memoryMb)} MB available`)]),
    ...(disk ? [there('disk', `${Math.floor(disk.freeMb)} MB free for ${disk.folder}`)] : []),
    there('cache', `${cache}, of all clones: remove it to build everything anew`),
    ...[...network].map(([host, obstacle]) =>
      obstacle === undefined
        ? there('network', `${host} answers`)
        : note('network', `${obstacle}: what it would hand out is built here, or taken from the cache`),
    ),
    ...problems.map(({ path, message, fix }) =>
      path.startsWith('port ')
        ? note('port', `${path.replace('port ', '')} ${message}: npx berth local takes another`)
        : missing(path, `${message}${fix === undefined ? '' : `: ${fix}`}`),
    ),
  ];
}

const images = (absent: number): Finding =>
  absent === 0
    ? there('images', 'all that local machines need')
    : note('images', `${absent} to pull or build, which npx berth local does`);

const there = (what: string, text: string): Finding => ({ state: 'there', what, text });
const note = (what: string, text: string): Finding => ({ state: 'note', what, text });
const missing = (what: string, text: string): Finding => ({ state: 'missing', what, text });

const marks = { there: '✓', note: '!', missing: '✗' } as const;

/** Returns the findings as a text, which ends with what they mean */
export function findingsText(all: readonly Finding[]): string {
  const width = Math.max(...all.map(({ what }) => what.length));
  const lines = all.map(({ state, what, text }) => `${marks[state]} ${what.padEnd(width)}  ${text}`);
  const count = all.filter(({ state }) => state === 'missing').length;
  const end =
    count === 0
      ? 'npx berth local can do its work here'
      : `${count} to put right before npx berth local can do its work`;
  return [...lines, '', end].join('\n');
}
