import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Draft } from '../../src/cli/new/draft.ts';
import { draftOf } from '../../src/cli/new/draftOf.ts';
import { systemFiles } from '../../src/cli/new/files.ts';
import { givenSources } from '../../src/cli/new/given.ts';
import { clouds } from '../../src/clouds/registry.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import type { System } from '../../src/model/system.ts';
import { checkout } from '../../src/paths.ts';
import { captured } from '../../src/process/captured.ts';
import { offlineMachines } from '../../src/render/offline.ts';
import { compiler } from '../../tools/lib/compiler.ts';
import { clouds as cloudNames, localSettings, type MachineCloudName } from '../stack/samples.ts';
import { composeNames, takenFile } from '../unit/cli/new/takeOver.ts';

// Systems that `berth new` writes: of every Compose file that can be taken over, and of flags

const refused = ['gpu', 'socket', 'moving'];
const names = composeNames.filter((name) => !refused.includes(name));

const ofFlags = draftOf({
  ...{ name: 'flags', health: '/health' },
  sources: givenSources({
    ...{ image: 'ghcr.io/acme/wiki:1.4.2', port: 8000, database: 'mysql', cache: true },
    ...{ workers: ['bin/worker --all'], schedules: ['*-*-* 03:00=bin/clean'] },
  }),
});

let project: string;
let drafts: readonly Draft[];

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'berth-new-'));
  drafts = [...names.map((name) => takenFile(name)), ofFlags, withBucket];
  for (const draft of drafts)
    for (const [path, text] of Object.entries(systemFiles(draft))) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
  symlinkSync(join(checkout, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n');
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const withBucket = draftOf({
  name: 'bucket',
  sources: givenSources({ image: 'ghcr.io/acme/wiki:1.4.2', port: 8000, database: 'postgres', bucket: true }),
});

test('ten or more Compose files of different shape are taken over', () => {
  expect(names.length).toBeGreaterThanOrEqual(10);
});

test('what is written is TypeScript by the strict rules of this project', async () => {
  const own = {
    extends: join(checkout, 'tsconfig.json'),
    compilerOptions: {
      paths: { berth: [join(checkout, 'src', 'api.ts')] },
      typeRoots: [join(checkout, 'node_modules', '@types')],
    },
    include: ['systems'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(own));
  const { code, stdout } = await captured(process.execPath, [compiler, '--noEmit', '--project', project], {
    cwd: project,
    env: process.env,
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test('what is written is formatted as this project is', async () => {
  writeFileSync(
    join(project, 'biome.json'),
    readFileSync(join(checkout, 'biome.json'), 'utf8').replace(
      '"enabled": true, "clientKind"',
      '"enabled": false, "clientKind"',
    ),
  );
  const biome = join(checkout, 'node_modules', '.bin', 'biome');
  const { code, stdout, stderr } = await captured(biome, ['check', 'systems'], { cwd: project, env: process.env });
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
});

test('each system passes the test that is written with it', async () => {
  const config = `export default { resolve: { alias: { berth: ${JSON.stringify(join(checkout, 'src', 'api.ts'))} } } };\n`;
  writeFileSync(join(project, 'vitest.config.ts'), config);
  const vitest = join(checkout, 'node_modules', 'vitest', 'vitest.mjs');
  const { code, stdout, stderr } = await captured(process.execPath, [vitest, 'run', '--root', project], {
    cwd: project,
    env: process.env,
  });
  expect(code, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(new RegExp(`Tests .*${4 * drafts.length} passed`));
});

const sizes = { openstack: 'b2-7', azure: 'Standard_B2s', aws: 't3.medium', existing: undefined, local: 'small' };
const regions = { openstack: 'GRA7', azure: 'westeurope', aws: 'eu-west-3', existing: undefined, local: undefined };
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/';

/** An environment with a system alone, on machines of a cloud */
function configOf(draft: Draft, cloud: MachineCloudName): Record<string, unknown> {
  const region = regions[cloud];
  const roles = ['web', ...(draft.database ? ['database'] : []), ...draft.caches.map(({ name }) => name)];
  const machine = (role: string) => {
    const last = 10 + roles.indexOf(role);
    const own = { address: `100.64.2.${last}`, privateAddress: `10.20.0.${last}`, user: 'debian', hostKey: publicKey };
    if (cloud === 'existing') return { hosts: [own] };
    return { size: cloud === 'aws' && role === 'redis' ? 'cache.t4g.micro' : sizes[cloud] };
  };
  const secretVariables = { 'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [`${publicKey} ada`] } };
  return {
    ...secretVariables,
    'berth:clouds': {
      openstack: { project: '6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7', network: 'private' },
      existing: { buckets: { uploads: { endpoint: 'https://s3.berth.test', region: 'gra', bucket: 'uploads' } } },
    },
    'berth:systems': {
      [draft.name]: {
        ...{ cloud, ...(region && { region }), version: draft.version },
        ...{ domain: `${draft.name}.berth.test`, contact: 'ops@berth.test' },
        ...Object.fromEntries(roles.map((role) => [role, machine(role)])),
      },
    },
    ...(cloud === 'local' && { 'berth:local': localSettings }),
  };
}

async function rendered(draft: Draft, cloud: MachineCloudName): Promise<readonly string[]> {
  const path = join(project, 'systems', draft.name, 'system.ts');
  const { default: system } = (await import(path)) as { default: System<unknown> };
  const input = { stack: 'preprod', config: configOf(draft, cloud), source: 'Pulumi.preprod.yaml' };
  const { environment, blueprints } = loadEnvironment(input, { [draft.name]: system }, clouds, { secrets: 'names' });
  return blueprints.flatMap((blueprint) => offlineMachines(blueprint, environment, clouds)).map(({ name }) => name);
}

test.each([...cloudNames])('each renders for %s', async (cloud) => {
  for (const draft of drafts) {
    // Azure has no S3: a system that speaks nothing else is refused with the reason
    if (draft.buckets.length > 0 && cloud === 'azure') {
      await expect(rendered(draft, cloud)).rejects.toThrow(/bucket/);
      continue;
    }
    const machines = await rendered(draft, cloud);
    const cache = cloud === 'aws' ? 0 : draft.caches.length;
    expect(machines.length, draft.name).toBe(1 + (draft.database ? 1 : 0) + cache);
  }
});

test('each is readable: at most 200 lines, and no value of a secret of its Compose file', () => {
  for (const draft of drafts) {
    const text = readFileSync(join(project, 'systems', draft.name, 'system.ts'), 'utf8');
    expect(text.split('\n').length, draft.name).toBeLessThanOrEqual(200);
    for (const value of ['change-this', 'sidekiq-pass', 'minio-secret', 'literal $ecret', ':example@'])
      expect(text, `${draft.name}: ${value}`).not.toContain(value);
  }
});
