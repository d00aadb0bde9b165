import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { archive } from '../../../src/render/archive.ts';
import { entriesOf, type LastRelease, releaseIn } from '../../e2e/byHand.ts';
import { paused } from '../../e2e/faults/matrix/paused.ts';
import { wholeReleases } from '../../e2e/faults/matrix/releases.ts';
import type { Scene } from '../../e2e/faults/scene.ts';
import { renderedMachines } from '../../render/rendered.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const rendered = (): LastRelease => {
  const [machine] = renderedMachines('local', 'basegun');
  if (machine === undefined) throw new Error('there is no machine of basegun');
  return { ...{ host: '', port: 22, user: '', privateKey: '' }, bundle: archive(machine.bundle) };
};

const whole = () => {
  const release = rendered();
  return wholeReleases({ releases: { '3.3.0': release, '3.3.1': release } } as Scene);
};

/** What the engine of a bundle prints of itself by a few lines of Python, with `release` read from the bundle */
function engineSays(release: LastRelease, lines: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-paused-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(entriesOf(release))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const head = `import sys\nfrom pathlib import Path\nsys.path.insert(0, ${JSON.stringify(join(folder, 'engine'))})
from release import read_release\nrelease = read_release(Path(${JSON.stringify(folder)}))\n`;
  return execFileSync('python3', ['-B', '-c', `${head}${lines}`], { encoding: 'utf8' });
}

test('releases of the matrix are read by the engine, and differ in host files, a job and every kind of service', () => {
  const both = Object.values(whole());
  const told = both.map((one) =>
    JSON.parse(engineSays(one, 'import json; print(json.dumps([release.name, release.jobs[0].definition]))')),
  );
  expect(told).toEqual([
    [expect.stringMatching(/^a+$/), 'a'.repeat(16)],
    [expect.stringMatching(/^b+$/), 'b'.repeat(16)],
  ]);
  const [before, after] = both.map((one) => releaseIn(entriesOf(one)));
  const changes = (name: string) =>
    [before, after].map((one) => one?.services.find((service) => service.name === name)?.definition);
  expect(new Set(changes('filebeat')).size).toBe(2);
  const rules = [before, after].map((one) => one?.files.find(({ path }) => path.endsWith('firewall.nft.conf'))?.sha256);
  expect(new Set(rules).size).toBe(2);
});

test('the engine waits before its step, once, and finds an earlier clock where it is told to', () => {
  const told = engineSays(
    paused(whole()['3.3.1'], 'Switch'),
    `import act, paused, tempfile, time
folder = Path(tempfile.mkdtemp())
paused.REACHED, paused.GO = folder / "reached", folder / "go"
paused.GO.write_text("clock back")
before = time.time()
paused.here()
print(paused.REACHED.exists(), round((before - time.time()) / 60), "paused.here()" in Path(act.__file__).read_text())
paused.here()
print(round((before - time.time()) / 60))
`,
  );
  expect(told).toBe('True 60 True\n60\n');
});
