import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { engineEnvironment } from '../../../src/pulumi/place.ts';
import { localVariables } from '../../../src/pulumi/stack.ts';
import { berthHere, deployedProject, environmentFile, put, temporaryFolder } from './berth.ts';

afterEach(() => vi.unstubAllEnvs());

test('a shell gets every variable that the set-up runs the engine with', () => {
  for (const name of Object.keys(process.env).filter((key) => key.startsWith('PULUMI_'))) vi.stubEnv(name, undefined);
  const place = { stack: 'local', folder: '/nowhere', project: '/nowhere' };
  const given = Object.keys(engineEnvironment(place, { folder: '/engine', origin: '' }, true));
  expect(given.filter((name) => name.startsWith('PULUMI_')).sort()).toEqual([...localVariables].sort());
});

test('in that shell, pulumi finds the engine, the stack and its settings; no secret is printed', async () => {
  const { project, env } = deployedProject({});
  put(project, '.berth/passphrase', 'hushhush');
  const { code, stdout } = await berthHere(['env', 'local'], project, { ...env, PULUMI_CONFIG_PASSPHRASE: 'mine' });
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/hushhush|mine/);
  const script = `${stdout}command -v pulumi; echo "$PULUMI_STACK $PULUMI_OPTION_CONFIG_FILE \${PULUMI_CONFIG_PASSPHRASE-unset}"; cat "$PULUMI_CONFIG_PASSPHRASE_FILE"`;
  const said = execFileSync('/bin/sh', ['-c', script], {
    env: { ...env, PULUMI_CONFIG_PASSPHRASE: 'mine' },
  }).toString();
  expect(said.split('\n')).toEqual([
    join(project, 'engine', 'pulumi'),
    `local ${project}/.berth/local/Pulumi.local.yaml unset`,
    'hushhush',
  ]);
});

test("another stack is the user's own: a shell set up for a local one gets rid of that", async () => {
  const { project, env } = deployedProject({});
  put(
    project,
    'Pulumi.prod.yaml',
    environmentFile('openstack').replace('cloud: openstack', 'cloud: openstack\n      region: GRA7'),
  );
  const prepared = { PULUMI_BACKEND_URL: `file://${project}/.berth/state`, PULUMI_HOME: `${project}/.berth/home` };
  const [fresh, after] = await Promise.all([
    berthHere(['env', 'prod'], project, { ...env, PULUMI_BACKEND_URL: 's3://states' }),
    berthHere(['env', 'acme/berth/prod'], project, { ...env, ...prepared }),
  ]);
  expect(fresh.stdout).toBe('export PULUMI_STACK=prod\n');
  expect(after.stdout).toMatch(/^unset .*PULUMI_BACKEND_URL/);
  expect(after.stdout).toMatch(/^unset .*PULUMI_HOME/);
  expect(after.stdout).toContain('export PULUMI_STACK=acme/berth/prod\n');
});

test('a local stack that is not set up yet says how it is', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.local.yaml', environmentFile('local'));
  const { code, stdout, stderr } = await berthHere(['env', 'local'], project);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('stack local is not set up on this computer yet: run npx berth local\n');
});
