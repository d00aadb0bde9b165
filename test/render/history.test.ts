import { expect, test } from 'vitest';
import { onScriptedMachine, releaseText } from './scripted.ts';

// What a machine keeps for the way back, by its own engine and with a docker that only counts: every file of a bundle is
// of 1970, as the archive makes it.

test('after each of many releases, failed ones among them, the live and the former release are there whole, and nothing leaks', async () => {
  const tries = many(40);
  const after = await played(tries);
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

test('an image that was here before is nobody of ours to remove, one that something runs of is removed once it can be', async () => {
  const script = `
machine.has |= {"theirs:1", "app:1"}
machine.busy = "app:1"
def try_one(version, image):
    work = begin(version, image)
    room.prune(work)
    pull(image)
    history.note_live(machine, f"r{version}", str(version))
    room.prune(work)
try_one(1, "theirs:1"); try_one(2, "app:2"); try_one(3, "app:3"); try_one(4, "app:4")
machine.busy = "app:3"
try_one(5, "app:5"); try_one(6, "app:6")
print(*sorted(machine.has))
machine.busy = ""
try_one(7, "app:7")
print(*sorted(machine.has))`;
  const [stuck, free] = (await run(script)).split('\n');
  expect(stuck).toBe('app:1 app:3 app:5 app:6 theirs:1');
  expect(free).toBe('app:1 app:6 app:7 theirs:1');
});

test('a release that was killed after its switch is noted by the next one', async () => {
  const script = `
begin(1, "app:1")
history.note_live(machine, "r1", "1")
history.note_live(machine, "r2", "2")
history.note_live(machine, "r2", "2")
print([(one.release, one.version) for one in history.read_history(machine)])`;
  expect(await run(script)).toBe("[('r1', '1'), ('r2', '2')]\n");
});

test('the mirror of a repository goes with the last kept release that was built from it', async () => {
  const script = `
def try_one(version, repository):
    work = begin(version, "app:1", repository)
    builds.mirror_of(machine, repository).mkdir(parents=True, exist_ok=True)
    room.prune(work)
    history.note_live(machine, f"r{version}", str(version))
    room.prune(work)
    print(*(one for one in ("old", "new") if builds.mirror_of(machine, one).exists()))
try_one(1, "old"); try_one(2, "new"); try_one(3, "new")`;
  expect(await run(script)).toBe('old\nold new\nnew\n');
});

test('the way back is offered only where it is whole', async () => {
  const script = `
begin(1, "app:1"); history.note_live(machine, "r1", "3.3.0")
begin(2, "app:2"); history.note_live(machine, "r2", "3.3.1")
machine.has.add("app:1")
room.say_way_back(machine)
make("b1")
room.say_way_back(machine)
machine.has.clear()
room.say_way_back(machine)`;
  expect((await run(script)).trim().split('\n')).toEqual([
    'a rollback to 3.3.0 would build b1 again',
    'the former release, 3.3.0, is kept for a rollback',
    'a rollback to 3.3.0 would pull app:1 again',
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

async function played(tries: readonly Try[]): Promise<After[]> {
  const script = `
going = "", ""
for one in json.loads(${JSON.stringify(JSON.stringify(tries))}):
    version, outcome = one["version"], one["outcome"]
    history.note_live(machine, *going)
    work = begin(version, f"app:{version}")
    room.prune(work)
    pull(f"app:{version}")
    make(f"b{version}")
    if outcome != "fails":
        going = f"r{version}", str(version)
    if outcome == "goes live":
        history.note_live(machine, *going)
        room.prune(work)
    print(json.dumps({
        "images": sorted(machine.has),
        "builds": sorted(path.name for path in (machine.sources / "builds").iterdir() if path.is_dir()),
        "releases": sorted(os.listdir(machine.releases)),
        "records": len(history.read_history(machine)),
    }))`;
  const said = await run(script);
  return said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as After);
}

async function run(script: string): Promise<string> {
  const { code, output } = await onScriptedMachine({}, `${engine}\n${script}`);
  expect(code, output).toBe(0);
  return output;
}

/** A machine that knows which images it has; a release's folder as it arrives */
const engine = `
import os
class Counting(Machine):
    has, busy = set(), ""
    def works(self, *words, **how):
        image = words[-1]
        if words[:3] == ("docker", "image", "inspect"):
            return image in self.has
        if words[:3] == ("docker", "image", "rm"):
            if image == self.busy or image not in self.has:
                return False
            self.has.remove(image)
        return True
    def ask(self, *words, **how):
        return Answer(0, "", "")
machine = Counting("shop", tell.Teller([]), root)
bare = json.loads(${JSON.stringify(releaseText({}))})

def begin(version, image, repository="x"):
    folder = machine.releases / f"r{version}"
    folder.mkdir(parents=True, exist_ok=True)
    built = [{"name": f"b{version}", "repository": repository, "revision": "1", "user": "nobody"}]
    text = json.dumps({**bare, "name": folder.name, "images": [image], "builds": built})
    (folder / "release.json").write_text(text)
    for path in (folder / "release.json", folder):
        os.utime(path, (0, 0))
    return act.Work(machine, release_of(folder.name), look.Look(), folder, {}, {})

def pull(image):
    if image not in machine.has:
        images.note_pulled(machine, image)
        machine.has.add(image)

def make(build):
    (machine.sources / "builds" / build).mkdir(parents=True, exist_ok=True)
    commit = machine.sources / "builds" / f"{build}.commit"
    commit.touch()
    os.utime(commit, (0, 0))
`;
