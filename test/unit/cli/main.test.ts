import { join } from 'node:path';
import { expect, test } from 'vitest';
import { berth, berthHere, checkout, environmentFile, put, temporaryFolder } from './berth.ts';

const commands = [
  ...['render', 'matrix', 'policies', 'status', 'ssh', 'update', 'env'],
  ...['cost', 'diff', 'preview', 'preflight', 'deploy', 'drift', 'rollback', 'set-version', 'init'],
];

test.each([...commands, 'compare', 'local', 'doctor', 'new'])('berth %s --help shows an example', async (command) => {
  const { code, stdout, stderr } = await berthHere([command, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(new RegExp(`Examples?:\\n  \\$ .*berth ${command} `));
});

test('wrong usage ends with 2', async () => {
  const runs = [
    await berthHere(['rendr', 'local']),
    await berthHere(['render']),
    await berthHere(['status', 'local', '--wait', 'x']),
  ];
  expect(runs.map(({ code }) => code)).toEqual([2, 2, 2]);
  expect(runs[0]?.stderr).toContain('Did you mean render?');
});

test.each(commands)('berth %s of an unknown stack says which there are', async (command) => {
  const more: Readonly<Record<string, readonly string[]>> = {
    ssh: ['web'],
    'set-version': ['basegun', '3.4.0'],
    rollback: ['basegun'],
  };
  const { code, stderr, stdout } = await berthHere([command, 'preprd', ...(more[command] ?? [])]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('local, preprod, prod');
  expect(stderr).toContain('did you mean preprod?');
  expect(stderr).not.toMatch(/^ +at /m);
});

test('it finds the project from a folder below, and says where none is', async () => {
  const below = await berthHere(['matrix', 'preprod'], join(checkout, 'templates', 'host'));
  const outside = await berth(['matrix', 'preprod'], temporaryFolder());
  expect(below.code).toBe(0);
  expect(outside.code).toBe(1);
  expect(outside.stderr).toContain('no Pulumi.yaml');
  expect(outside.stderr).not.toMatch(/^ +at /m);
});

test('a mistake in the environment file is told with its path', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.wrong.yaml', environmentFile('openstack').replace('3.3.0', 'latest'));
  const { code, stderr } = await berthHere(['render', 'wrong'], project);
  expect(code).toBe(1);
  expect(stderr).toContain('berth:systems.basegun.version');
  expect(stderr).toContain('berth:systems.basegun.region');
  expect(stderr).not.toMatch(/^ +at /m);
});
