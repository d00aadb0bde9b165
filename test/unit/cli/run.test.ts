import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { chosenToRun } from '../../../src/cli/run/chosen.ts';
import { promptOf } from '../../../src/cli/run/prompt.ts';
import { remoteWords } from '../../../src/cli/run/remote.ts';
import { asService, type Job } from '../../../src/model/job.ts';
import { blueprint, container, role, supervised } from '../render/fixtures.ts';
import { berth, berthHere, deployedProject, offNow, outputsOf, put } from './berth.ts';

/** Stands in for OpenSSH: notes the machine and what it is to run there, and what it is passed */
const recorder = (project: string): string => `#!/bin/bash
for word in "$@"; do case "$word" in HostKeyAlias=*) echo "\${word#*=}" >'${project}/machine' ;; esac; done
printf '%s' "\${!#}" >'${project}/command'
cat >'${project}/passed'
exit 9
`;

async function run(args: readonly string[], start = berthHere, schedules: Record<string, object> = {}, input = '') {
  const outputs = outputsOf('https://basegun.localhost:8443');
  const machines = Object.fromEntries(
    Object.entries(outputs.systems.basegun.machines).map(([name, one]) => [name, { ...one, ...schedules[name] }]),
  );
  const { project, env } = deployedProject({ systems: { basegun: { ...outputs.systems.basegun, machines } } });
  put(project, 'engine/ssh', recorder(project), 0o755);
  const ended = await start(['run', ...args], project, env, input);
  return { ended, read: (name: string) => readFileSync(join(project, name), 'utf8') };
}

test('a command reaches the machine of its service word by word, with what is passed to it, and its code comes back', async () => {
  const { ended, read } = await run(
    ['local', 'basegun', 'backend', '--', 'sh', '-c', "echo 'it is' $HOME"],
    berth,
    {},
    'given',
  );
  expect(ended).toMatchObject({ code: 9, stdout: '' });
  expect(read('machine').trim()).toBe('basegun-web-0');
  expect(read('command')).toMatch(
    /; exec sudo -n \/usr\/bin\/python3 -I \S+\/current\/engine run \S+\/current backend sh -c 'echo '\\''it is'\\'' \$HOME'$/,
  );
  expect(read('passed')).toBe('given');
});

test('a job is a unit of its own on the machine, which outlives the connection', () => {
  expect(remoteWords({ system: 'shop', what: 'migrate', command: [] })).toMatch(
    /; exec sudo -n systemd-run --quiet --pipe --wait --collect --unit=berth-asked-shop-migrate-\$\$ -- \/usr\/bin\/python3 -I \S+ job \S+\/current migrate$/,
  );
});

test('a machine whose release is of an older berth is told to be deployed first', () => {
  for (const command of [[], ['env']])
    expect(remoteWords({ system: 'shop', what: 'app', command })).toContain(
      'its release was made by an older berth, without jobs and commands: deploy it once',
    );
});

test.each([
  [['local', 'shop', 'app', '--', 'env'], 'system shop is not deployed; deployed are basegun'],
  [['local', 'basegun', 'migrate'], 'there is no job migrate: jobs are none, services backend, frontend, filebeat'],
  [['local', 'basegun', 'cache', '--', 'env'], 'there is no service cache: jobs are none'],
  [['local', 'basegun', 'backend'], 'backend is a service: add the command to run (-- <command>)'],
  [
    ['--machine', 'api', 'local', 'basegun', 'backend', '--', 'env'],
    'basegun-api-0 does not run backend: it runs on basegun-web-0',
  ],
  [['--machine', 'db', 'local', 'basegun', 'backend', '--', 'env'], 'there is no machine "db"'],
])('%j is refused with what there is', async (words, told) => {
  const { ended } = await run(words);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(told);
});

test('a machine that is off by its schedule is told with its hours, and nothing is run', async () => {
  const schedules = { 'basegun-web-0': { schedule: offNow() } };
  const { ended, read } = await run(['local', 'basegun', 'backend', '--', 'env'], berthHere, schedules);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/basegun-web-0 is off until .* \(Etc\/UTC\): nothing was run/);
  expect(() => read('command')).toThrow();
});

const app = container();
const once: Job = {
  name: 'migrate',
  when: { release: true },
  steps: [asService(app, { command: ['migrate'] })],
  deadlineSeconds: 60,
  onceAcrossMachines: true,
};
const jobs = [once, { ...once, name: 'tidy', onceAcrossMachines: false }];
const shop = blueprint({ roles: { web: role({ count: 3, services: [app, supervised({ name: 'page' })], jobs }) } });
const named = (index: number) => [
  `shop-web-${index}`,
  outputsOf('https://shop.localhost').systems.basegun.machines['basegun-web-0'],
];
const systems = parsedSystems(
  // As the engine lists them, by their letters
  {
    systems: {
      shop: {
        ...outputsOf('https://shop.localhost').systems.basegun,
        machines: Object.fromEntries([10, 2, 0].map(named)),
      },
    },
  },
  'local',
);
const chosen = (what: string, command: readonly string[] = [], machine?: string) =>
  chosenToRun(systems, [shop], { system: 'shop', what, command, machine }).map(({ name }) => name);

test('on several machines the first runs it, or the one that is named', () => {
  expect(chosen('app', ['env'])).toEqual(['shop-web-0', 'shop-web-2', 'shop-web-10']);
  expect(chosen('app', ['env'], 'shop-web-10')).toEqual(['shop-web-10']);
  expect(chosen('tidy')).toEqual(['shop-web-0', 'shop-web-2', 'shop-web-10']);
});

test("a job that runs once across machines is the first machine's alone", () => {
  expect(chosen('migrate')).toEqual(['shop-web-0']);
  expect(() => chosen('migrate', [], 'shop-web-2')).toThrow('shop-web-2 does not run migrate: it runs on shop-web-0');
});

test('a job takes no command, and a service of a build does', () => {
  expect(() => chosen('migrate', ['env'])).toThrow('migrate is a job, which takes no command: jobs are migrate, tidy');
  expect(chosen('page', ['env'], 'shop-web-0')).toEqual(['shop-web-0']);
});

test("a database's prompt is found by its service, and a system without one says so", () => {
  const prompt = { user: ['sql', '--user', 'clerk'], administrator: ['sql', '--user', 'root'] };
  const withOne = blueprint({ roles: { data: role({ services: [app, container({ name: 'store', prompt })] }) } });
  expect(promptOf([withOne], 'shop')).toEqual({ service: 'store', prompt });
  expect(() => promptOf([shop], 'shop')).toThrow('shop has no database that has a prompt');
  expect(() => promptOf([shop], 'mall')).toThrow('the stack has no system "mall": it has shop');
});
