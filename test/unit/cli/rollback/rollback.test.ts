import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Actions, rollBack } from '../../../../src/cli/rollback/carryOut.ts';
import { fileChange } from '../../../../src/cli/rollback/file.ts';
import { hereWords } from '../../../../src/cli/rollback/machines.ts';
import { targetVersion } from '../../../../src/cli/rollback/target.ts';
import { toldHistory, toldWay, type WayBack, type WentLive } from '../../../../src/cli/rollback/told.ts';
import { toldDifferences } from '../../../../src/cli/status/check.ts';
import { berthHere, deployedProject, environmentFile, offNow, outputsOf, put, temporaryFolder } from '../berth.ts';

/** Histories as `3.3.1 3.3.0`, latest first; a version in parentheses was left by a way back, one with ! is not kept */
const historyOf = (versions: string): readonly WentLive[] =>
  versions.split(' ').map((text, index) => ({
    at: `2026-01-0${9 - index}T00:00:00Z`,
    version: text.replace(/[()!]/g, ''),
    release: `r${text.replace(/[()!]/g, '')}`,
    kept: !text.includes('!'),
    left: text.startsWith('('),
  }));

const machinesOf = (histories: Readonly<Record<string, string>>) =>
  Object.entries(histories).map(([machine, versions]) => ({ machine, history: historyOf(versions) }));

test.each([
  [{ web: '3.3.1 3.3.0' }, undefined, '3.3.0'],
  [{ web: '3.3.1 3.3.1 3.3.0 3.2.0', api: '3.3.1 3.3.0' }, undefined, '3.3.0'],
  [{ web: '3.3.0 (3.3.1) 3.2.0' }, undefined, '3.2.0'],
  [{ web: '3.3.1 3.3.0', api: '3.3.0 3.2.0' }, '3.3.0', '3.3.0'],
])('machines with %j, asked for %s, go back to %s', (histories, wanted, found) => {
  expect(targetVersion(machinesOf(histories), wanted)).toBe(found);
});

test.each([
  [
    { web: '3.3.1 3.3.0', api: '3.3.0 3.2.0' },
    'the machines have no way in common: name a version with --to, or deploy one. Nothing was changed\n' +
      '  web: 3.3.1 is live, before it 3.3.0\n  api: 3.3.0 is live, before it 3.2.0',
  ],
  [{ web: '3.3.1 3.3.0', api: '3.3.1' }, 'api: 3.3.1 is live, before it no other version that is kept'],
  [{ web: '3.3.1 3.3.0!' }, 'there is no former version: name a version with --to'],
])('machines with %j have no version to go back to, and are told', (histories, told) => {
  expect(() => targetVersion(machinesOf(histories), undefined)).toThrow(told);
});

interface Scene {
  histories?: Readonly<Record<string, string>>;
  refused?: Readonly<Record<string, string>>;
  failing?: string;
  agrees?: boolean;
  to?: string;
}

/** Goes back with machines that note what is asked of them */
async function back({ histories = { web: '2 1', api: '2 1' }, refused = {}, failing, agrees = true, to }: Scene = {}) {
  const said: string[] = [];
  const done: string[] = [];
  const actions: Actions = {
    machines: Object.keys(histories),
    history: async (machine) => historyOf(histories[machine] ?? ''),
    way: async (machine, version): Promise<WayBack> => ({
      ...{ live: historyOf(histories[machine] ?? '')[0]?.version ?? '', version, release: `r${version}` },
      steps: [{ does: 'start app blue', reason: 'its definition changes' }],
      refused: refused[machine] ?? '',
    }),
    back: async (machine, release) => {
      done.push(`${machine} ${release}`);
      return machine === failing ? 1 : 0;
    },
    agrees: async () => agrees,
    say: (line) => said.push(line),
  };
  const file = async (version: string) => ({
    apply: () => {
      done.push(`file ${version}`);
      return [`file: ${version}`];
    },
  });
  const failure = await rollBack(actions, { stack: 'prod', system: 'shop', to, file }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { said, done, failure };
}

test('all machines are shown before they go back one after the other, and the file is set at the end', async () => {
  const { said, done, failure } = await back();
  expect(failure).toBeUndefined();
  expect(said).toEqual([
    ...['web, 2 → 1:', '  start app blue: its definition changes', 'api, 2 → 1:'],
    ...['  start app blue: its definition changes', 'web:', 'api:', 'file: 1'],
    'shop is back at 1; the next deployment of prod confirms it',
  ]);
  expect(done).toEqual(['web r1', 'api r1', 'file 1']);
});

test('where one machine refuses, none goes back', async () => {
  const { done, failure } = await back({ refused: { api: 'job migrate of 2 has run' } });
  expect(failure).toBe("shop can't go back to 1. Nothing was changed:\n  api: job migrate of 2 has run");
  expect(done).toEqual([]);
});

test('where one machine fails, those that follow are left, and the file stays as it is', async () => {
  const { done, failure } = await back({ failing: 'web' });
  expect(failure).toBe(
    'web did not go back (code 1): see above. No machine went back; not touched: api. The file was not changed',
  );
  expect(done).toEqual(['web r1']);
});

test('a machine that is there already is left, and the file is set', async () => {
  const { done, said } = await back({ histories: { web: '2 1', api: '1 2' }, to: '1' });
  expect(done).toEqual(['web r1', 'file 1']);
  expect(said).toContain('api: is at 1 already');
});

test('where the person does not agree, nothing is done', async () => {
  expect(await back({ agrees: false })).toMatchObject({ done: [], failure: 'nothing was changed' });
});

const ran = (code: number, stdout: string, stderr = '') => ({ code, stdout, stderr });

test('what a machine refuses is told in its words, and an engine that knows no rollback says so', () => {
  expect(toldWay(ran(1, '', 'error: there is no way back to 9: this machine has 1\n'))).toMatchObject({
    refused: 'there is no way back to 9: this machine has 1',
  });
  expect(() => toldHistory(ran(1, '', 'its release was made by an older berth\n'))).toThrow('an older berth');
  expect(() => toldHistory(ran(0, 'x'))).toThrow('unexpected format');
  expect(hereWords('shop', ['rollback', 'shop', '--to', '1 2'])).toBe(
    "sudo -n test -e /var/lib/berth/shop/current/engine/here.py || { echo 'its release was made by an older berth, which has no " +
      "rollback: deploy a version instead' >&2; exit 1; }; exec sudo -n /usr/bin/python3 -I /var/lib/berth/shop/current/engine " +
      "here /var/lib/berth/shop/current rollback shop --to '1 2'",
  );
});

test('the version is set in the file alone, and where the file is under git that is told', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.local.yaml', environmentFile('local'));
  const former = process.cwd();
  onTestFinished(() => process.chdir(former));
  process.chdir(project);
  const read = () => readFileSync(join(project, 'Pulumi.local.yaml'), 'utf8');
  const change = await fileChange('local', 'basegun', '3.2.9');
  expect(read()).toBe(environmentFile('local'));
  expect(change.apply()).toEqual(['Pulumi.local.yaml: basegun 3.3.0 → 3.2.9']);
  expect(read()).toBe(environmentFile('local').replace('3.3.0', '3.2.9'));
  execFileSync('git', ['init', '--quiet'], { cwd: project });
  execFileSync('git', ['add', '.'], { cwd: project });
  expect((await fileChange('local', 'basegun', '3.3.0')).apply()).toEqual([
    'Pulumi.local.yaml: basegun 3.2.9 → 3.3.0. It is under git: commit it, or the next deployment of the repository brings 3.2.9 again',
  ]);
  expect((await fileChange('local', 'basegun', '3.3.0')).apply()).toEqual([
    'Pulumi.local.yaml names basegun 3.3.0 already',
  ]);
});

test('a machine that was brought back by hand is told once, in its own words', () => {
  const difference = { kind: 'release', where: 'r1', what: 'was brought back on the machine' };
  const stdout = JSON.stringify({ release: 'r1', version: '1', differences: [difference] });
  expect(toldDifferences('shop', ran(0, stdout), '2', 'somewhere')).toEqual([
    { kind: 'release', what: 'r1', difference: 'was brought back on the machine' },
  ]);
});

test.each([
  [['basegun', '--really', 'shop'], '--really shop: the system is basegun'],
  [['shop'], 'system shop is not deployed; deployed are basegun'],
])('berth rollback local %j is refused with the reason', async (words, told) => {
  const { project, env } = deployedProject(outputsOf('http://basegun.localhost:9'));
  const { code, stdout, stderr } = await berthHere(['rollback', 'local', ...words], project, env);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(told);
});

test('where a machine is off or can not be asked, nothing is changed', async () => {
  const outputs = outputsOf('http://basegun.localhost:9');
  const unanswered = deployedProject(outputs);
  expect((await berthHere(['rollback', 'local', 'basegun'], unanswered.project, unanswered.env)).stderr).toMatch(
    /^basegun-(web|api)-0: berth@127\.0\.0\.1:9 login failed: .+\. Nothing was changed\n$/m,
  );
  Object.assign(outputs.systems.basegun.machines['basegun-web-0'], { schedule: offNow() });
  const off = deployedProject(outputs);
  expect((await berthHere(['rollback', 'local', 'basegun'], off.project, off.env)).stderr).toMatch(
    /^basegun-web-0 is off until .+: nothing was changed\n$/m,
  );
});
