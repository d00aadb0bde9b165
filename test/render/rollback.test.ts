import { expect, test } from 'vitest';
import { onScriptedMachine, releaseText, serviceOf } from './scripted.ts';

// `sudo berth rollback` by the machine's own engine: `new` is live, `old` was before; a job of each release migrates.

const jobOf = (definition: string) => ({
  ...{ name: 'migrate', when: 'release' as const, definition, deadlineSeconds: 60, memoryMb: 0 },
  steps: [{ service: 'job-migrate-1', definition, calls: [] }],
});
const release = (name: string, version: string, migration: string): string =>
  releaseText({
    ...{ name, version, jobs: [jobOf(migration)] },
    services: [serviceOf({ name: 'db', rollout: 'replace', definition: `db${version}`, blue: 1, green: 2 })],
  });
const record = (definition: string): string =>
  JSON.stringify({
    ...{ job: 'migrate', definition, version: '2', began: 1_800_000_000, result: '', seconds: 1, last_success: 1 },
  });

const machine = (migrations: readonly [string, string]): Record<string, string> => ({
  'state/edge/routes.yaml': '# generation 3\n# release new 2\n',
  'state/releases/old/release.json': release('old', '1', migrations[0]),
  'state/releases/old/base.yaml': 'services:\n  db: db1\n',
  'state/releases/new/release.json': release('new', '2', migrations[1]),
  'state/releases/new/base.yaml': 'services:\n  db: db2\n',
  'state/jobs/migrate.json': record(migrations[1]),
  'state/history.json': JSON.stringify([
    { at: '2026-01-01T00:00:00Z', release: 'old', version: '1' },
    { at: '2026-01-02T00:00:00Z', release: 'new', version: '2' },
  ]),
  'proc/meminfo': 'MemAvailable: 4000000 kB\n',
  containers: '1 db db2 shop-base running Up\n',
});

/** Asks as a person does; the unit that carries it out is run in this process, since the machine has no systemd */
const asked = (words: string): string => `
import back, here, how, lock, os
machine.current.symlink_to("releases/new")
lock.run_as_unit = lambda *words: back.back(machine, release_of("old"), machine.releases / "old", words[-1])
lock.take_lock = lambda machine: open(root / "lock", "w")
lock.done = lambda: None
code = here.main(machine, release_of("new"), machine.releases / "new", ${JSON.stringify(words)}.split())
print("calls", (root / "calls").read_text().split() if (root / "calls").exists() else "none")
print("live", look.live_of(machine, release_of("old")).release, [one.way for one in how.read(machine)])
sys.exit(code)`;

test('the former release runs again from what lies there, none of its jobs runs, and the machine knows how it came', async () => {
  const { code, output, containers } = await onScriptedMachine(machine(['m1', 'm1']), asked('rollback --yes --by ops'));
  expect(code, output).toBe(0);
  expect(containers).toMatch(/^\d+ db db1 shop-base running Up\n$/);
  expect(output).toContain('live old');
  expect(output).toContain("['rollback']");
  expect(output).toMatch(/^shop is back at 1, after [\d.]+ s$/m);
  expect(output).not.toContain('migrate');
});

test('a schema that moved since is told before anything changes, and only the name of the system again goes on', async () => {
  const moved = machine(['m1', 'm2']);
  const refused = await onScriptedMachine(moved, asked('rollback --yes'));
  expect(refused.code, refused.output).toBe(1);
  expect(refused.output).toContain(
    'error: the data may have a form that 1 does not know: job migrate of 2 has run at 2027-01-15 08:00:00 UTC and succeeded. ' +
      'Nothing was done. Where 1 works with the data as they are, add --really shop',
  );
  expect(refused.output).toContain('calls none\nlive new []');
  const wrong = await onScriptedMachine(moved, asked('rollback --yes --really mad'));
  expect(wrong.output).toContain('calls none\nlive new []\nerror: --really mad: the system is shop\n');
  const meant = await onScriptedMachine(moved, asked('rollback --yes --really shop'));
  expect(meant.code, meant.output).toBe(0);
  expect(meant.output).toContain('live old');
  expect(meant.output).not.toMatch(/^job migrate/m);
});

test('a former version that does not start leaves the live one as it was', async () => {
  const broken = { ...machine(['m1', 'm1']), 'state/releases/old/base.yaml': 'services:\n  db: bad1\n' };
  const { code, output, containers } = await onScriptedMachine(broken, asked('rollback --yes'));
  expect(code, output).toBe(1);
  expect(containers).toMatch(/ db db2 shop-base running/);
  expect(output).toContain('the former release is still serving');
  expect(output).toContain('live new []');
});

test('nobody is taken by surprise: without a terminal and --yes its steps are shown and nothing is done', async () => {
  const shown = await onScriptedMachine(machine(['m1', 'm1']), asked('rollback'));
  expect(shown.output).toContain('shop 2 → 1, release old, live from 2026-01-01T00:00:00Z:\n');
  expect(shown.output).toContain('error: nobody can be asked here: add --yes to do it. Nothing was done\n');
  expect(shown.output).toContain('calls none\nlive new []');
});
