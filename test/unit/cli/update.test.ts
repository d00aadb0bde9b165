import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { chosenMachines } from '../../../src/cli/update/order.ts';
import type { Blueprint } from '../../../src/model/blueprint.ts';
import { berthHere, deployedProject, environmentFile, offNow, outputsOf, put } from './berth.ts';

/** Stands in for OpenSSH: notes the machine and what it is to run there, and fails on one of a name */
const recorder = (project: string, failing: string): string => `#!/bin/bash
for word in "$@"; do case "$word" in HostKeyAlias=*) name=\${word#*=} ;; esac; done
echo "$name" >>'${project}/updated'
printf '%s' "\${!#}" >'${project}/command'
[ "$name" != '${failing}' ]
`;

/** A site that answers with one version after another, and then with the last */
async function site(versions: readonly string[]): Promise<string> {
  const left = [...versions];
  const server = createServer((_request, response) => {
    response.end(JSON.stringify(left.length > 1 ? left.shift() : left[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://basegun.localhost:${(server.address() as AddressInfo).port}`;
}

async function update(
  words: readonly string[],
  { failing = '', answers = ['3.3.0'], schedules = {} as Record<string, object> } = {},
) {
  const outputs = outputsOf(await site(answers));
  const machines = Object.fromEntries(
    Object.entries(outputs.systems.basegun.machines).map(([name, one]) => [name, { ...one, ...schedules[name] }]),
  );
  const { project, env } = deployedProject({ systems: { basegun: { ...outputs.systems.basegun, machines } } });
  put(project, 'Pulumi.local.yaml', environmentFile('local'));
  put(project, 'engine/ssh', recorder(project, failing), 0o755);
  put(project, 'updated', '');
  const run = await berthHere(['update', 'local', ...words], project, env);
  const read = (name: string) => readFileSync(join(project, name), 'utf8');
  return { run, updated: read('updated').split('\n').filter(Boolean), read };
}

test('machines are updated one after another, by what their release brought', async () => {
  const { run, updated, read } = await update([]);
  expect(run).toMatchObject({ code: 0, stdout: 'basegun-web-0:\nbasegun-api-0:\n' });
  expect(updated).toEqual(['basegun-web-0', 'basegun-api-0']);
  expect(read('command')).toContain(
    'exec sudo -n /usr/bin/python3 -I /var/lib/berth/basegun/current/engine update /var/lib/berth/basegun/current',
  );
});

test('where one fails, those that follow are left as they are, and how the site answers by then is told', async () => {
  const { run, updated } = await update([], { failing: 'basegun-web-0' });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('basegun-web-0 failed to update (code 1)');
  expect(run.stderr).toMatch(/the remaining machines were not updated\nthe site of basegun is healthy\n$/);
  expect(updated).toEqual(['basegun-web-0']);
  const away = await update([], { failing: 'basegun-web-0', answers: ['another'] });
  expect(away.run.stderr).toMatch(/\nbasegun is not healthy: .*another.*\n$/);
});

test('a site that is well again a moment after is waited for', async () => {
  const { run, updated } = await update([], { answers: ['another', '3.3.0'] });
  expect(run.code).toBe(0);
  expect(updated).toEqual(['basegun-web-0', 'basegun-api-0']);
});

test('where the site is not well after one, within a minute, those that follow are left as they are', async () => {
  const began = performance.now();
  let asked = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    asked += 1;
    return began + asked * 10_000;
  });
  onTestFinished(() => clock.mockRestore());
  const { run, updated } = await update([], { answers: ['another'] });
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/basegun-web-0 was updated, and basegun is not healthy: .*another/);
  expect(run.stderr).toContain('the remaining machines were not updated: see berth status, then update again');
  expect(updated).toEqual(['basegun-web-0']);
});

test('one machine alone, and one that is off by its schedule is told and left', async () => {
  expect((await update(['--machine', 'api'])).updated).toEqual(['basegun-api-0']);
  const { run, updated } = await update([], { schedules: { 'basegun-web-0': { schedule: offNow() } } });
  expect(run.stdout).toMatch(/^basegun-web-0: is off until .*: skipped\n/);
  expect(updated).toEqual(['basegun-api-0']);
});

test.each([
  [['--machine', 'database'], 'there is no machine "database": there are basegun-web-0, basegun-api-0'],
  [['--system', 'shop'], 'system shop is not deployed; deployed are basegun'],
])('%s is answered with what there is', async (words, told) => {
  const { run, updated } = await update(words);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain(told);
  expect(updated).toEqual([]);
});

test('who is called comes before who calls', () => {
  const blueprint = {
    system: 'basegun',
    roles: { web: {}, api: {} },
    rules: [{ from: { role: 'web' }, to: 'api' }],
  } as unknown as Blueprint;
  const chosen = chosenMachines(parsedSystems(outputsOf('https://a.example'), 'local'), [blueprint], {});
  expect(chosen.map(({ name }) => name)).toEqual(['basegun-api-0', 'basegun-web-0']);
});
