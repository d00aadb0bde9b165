import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// What a machine keeps for the way back, by its own scripts and with an engine that only counts: every file of a bundle is
// of 1970, as the archive makes it.

test('after each of many releases, failed ones among them, the live and the former release are there whole, and nothing leaks', () => {
  const tries = many(40);
  const after = played(tries);
  expect(after).toHaveLength(tries.length);
  const live: number[] = [];
  for (const [index, { version, outcome }] of tries.entries()) {
    if (outcome !== 'fails' && live[0] !== version) live.unshift(version);
    const kept = new Set([live[0], live.find((other) => other !== live[0])].filter((one) => one !== undefined));
    const now = after[index];
    const told = `after ${tries.slice(0, index + 1).map((one) => `${one.version} ${one.outcome}`)}`;
    for (const one of kept) {
      expect(now?.images, told).toContain(`app:${one}`);
      expect(now?.builds, told).toContain(`b${one}`);
      expect(now?.releases, told).toContain(`r${one}`);
    }
    // One that failed stays until the next one begins
    const most = outcome === 'goes live' ? kept.size : kept.size + 1;
    expect(now?.images.length, `${told}: ${now?.images}`).toBeLessThanOrEqual(most);
    expect(now?.builds.length, told).toBeLessThanOrEqual(most);
    expect(now?.releases.length, told).toBeLessThanOrEqual(6);
    expect(now?.records).toBeLessThanOrEqual(200);
  }
});

test('an image that was here before is nobody of ours to remove, one that something runs of is removed once it can be', () => {
  const script = `${engine}; has[theirs:1]=1; has[app:1]=1; busy=app:1
    try() { begin "$1" "$2"; prune; pull_images; note_live "r$1" "$1"; live_release=r$1 live_version=$1; prune; }
    try 1 theirs:1; try 2 app:2; try 3 app:3; try 4 app:4; busy=app:3; try 5 app:5; try 6 app:6; echo "\${!has[*]}"
    busy=; try 7 app:7; echo "\${!has[*]}"`;
  const [stuck, free] = bash(script).trim().split('\n');
  expect(stuck?.split(' ').sort()).toEqual(['app:1', 'app:3', 'app:5', 'app:6', 'theirs:1']);
  expect(free?.split(' ').sort()).toEqual(['app:1', 'app:6', 'app:7', 'theirs:1']);
});

test('a release that was killed after its switch is noted by the next one', () => {
  const script = `${engine}; begin 1 app:1; note_live r1 1; live_release=r2 live_version=2; note_former; note_former; cut -f 2,3 "$record"`;
  expect(bash(script)).toBe('r1\t1\nr2\t2\n');
});

test('the mirror of a repository goes with the last kept release that was built from it', () => {
  const script = `${engine}
    try() { begin "$1" app:1; printf '# build\nb%s\t%s\n' "$1" "$2" >"$release/sources.tsv"; mkdir -p "$(mirror_of "$2")"
      prune; note_live "r$1" "$1"; live_release=r$1; prune; for one in old new; do [[ ! -d $(mirror_of $one) ]] || echo -n "$one "; done; echo; }
    try 1 old; try 2 new; try 3 new`;
  expect(bash(script)).toBe('old \nold new \nnew \n');
});

test('the way back is offered only where it is whole', () => {
  const script = `${engine}; say() { echo "$*"; }; begin 1 app:1; note_live r1 3.3.0; begin 2 app:2; note_live r2 3.3.1
    has[app:1]=1; say_way_back; mkdir -p "$sources/builds"; touch "$sources/builds/b1.commit"; say_way_back; unset 'has[app:1]'; say_way_back`;
  expect(bash(script).trim().split('\n')).toEqual([
    'the way back to 3.3.0 would build b1 again',
    'the former release, 3.3.0, stays here whole for the way back',
    'the way back to 3.3.0 would pull app:1 again',
  ]);
});

interface Try {
  version: number;
  /** A killed one ends after its switch, and tidies nothing */
  outcome: 'goes live' | 'fails' | 'is killed late';
}

interface After {
  images: string[];
  builds: string[];
  releases: string[];
  records: number;
}

/** Forward mostly, back often, the same again: always the same tries, by a generator of Lehmer's */
function many(count: number): Try[] {
  let seed = 20_261;
  const below = (most: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % most;
  };
  const outcomes = ['goes live', 'goes live', 'goes live', 'fails', 'fails', 'is killed late'] as const;
  return Array.from({ length: count }, () => ({ version: below(9), outcome: outcomes[below(6)] ?? 'fails' }));
}

function played(tries: readonly Try[]): After[] {
  const script = `${engine}
    while read -r version outcome; do
      note_former; begin "$version" "app:$version"; prune
      pull_images; mkdir -p "$sources/builds/b$version"; touch -d @0 "$sources/builds/b$version.commit"
      if [[ $outcome != fails ]]; then live_release=r$version live_version=$version; fi
      if [[ $outcome == 'goes live' ]]; then note_live "r$version" "$version"; prune; fi
      echo "\${!has[*]}|$(cd "$sources/builds"; echo b? )|$(cd "$state/releases"; echo *)|$(cat "$record" 2>/dev/null | wc -l)"
    done`;
  return bash(script, tries.map(({ version, outcome }) => `${version} ${outcome}\n`).join(''))
    .trim()
    .split('\n')
    .map((line) => {
      const [images = '', builds = '', releases = '', records] = line.split('|');
      const words = (text: string) => text.split(' ').filter((word) => word !== '');
      return { images: words(images), builds: words(builds), releases: words(releases), records: Number(records) };
    });
}

/** An engine that knows which images it has; a release's folder as it arrives */
const engine = `
  declare -A has=(); busy=
  pull_image() { note_pulled "$1"; docker pull --quiet "$1"; }
  timeout() { shift; "$@"; }
  docker() {
    local image=\${!#}
    case "$1 $2" in
      'pull --quiet') has[$image]=1 ;;
      'image inspect') [[ -n \${has[$image]:-} ]] ;;
      'image rm') [[ $image != "$busy" && -n \${has[$image]:-} ]] && unset "has[$image]" ;;
    esac
  }
  has_engine() { true; }
  begin() {
    RELEASE=r$1; release=$state/releases/$RELEASE
    mkdir -p "$release"; echo "$2" >"$release/images"; printf '# build\\nb%s\\tx\\n' "$1" >"$release/sources.tsv"
    touch -d @0 "$release"/*
  }`;

function bash(script: string, input = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-history-'));
  try {
    const parts = ['host', 'images', 'services', 'processes', 'history']
      .map((name) => `. templates/host/${name}.sh`)
      .join('; ');
    const start = `SYSTEM=shop RELEASE=none; . templates/host/lib.sh; state=$1/state release=$1/none configuration=$1/etc; ${parts}; sources=$1/sources`;
    const words = [
      '-Eeuo',
      'pipefail',
      '-c',
      `shopt -s inherit_errexit; mkdir -p "$1/state/releases"; ${start}\n${script}`,
    ];
    return execFileSync('bash', [...words, 'bash', folder], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
