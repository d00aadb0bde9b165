import { systems } from 'berth:systems';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placed, wantedSystem } from '../../src/cli/adopt/places.ts';
import { takenOver } from '../../src/cli/adopt/terraform/taken.ts';
import { terraformFound } from '../../src/cli/adopt/terraform/terraform.ts';
import { clouds } from '../../src/clouds/registry.ts';
import { type CloudName, type SystemName, stackOf, withSecrets } from '../stack/samples.ts';
import { awsState, azureState, openstackState, stateText } from '../unit/cli/adopt/state.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

// What `berth adopt --terraform` writes is imported by the real engine, into a cloud that has it under other names, and
// deployed: the program takes it over, and makes nothing of it anew.

interface Moved {
  cloud: CloudName;
  system: SystemName;
  wanted: string;
  state: string;
  /** Inputs that the cloud says of what there is, by id */
  there: Readonly<Record<string, Record<string, unknown>>>;
  /** Settings of the cloud beside those of the samples, and options of the system */
  settings?: object;
  options?: object;
  /** What the first deployment changes of each, besides tags */
  changed: readonly string[];
}

// The genuine provider fills in the location
const inGroup = { resourceGroupName: 'old-group' };
const group = '/subscriptions/0/resourceGroups/old-group/providers';

const moved: readonly Moved[] = [
  {
    ...{ cloud: 'openstack', system: 'lostops', wanted: 'lostops=app,database' },
    state: stateText('openstack', openstackState),
    options: { database: { size: 'b2-7', volumeGb: 40 } },
    there: {
      'net-1': { name: 'old-net' },
      'sub-1': { name: 'old-sub', networkId: 'net-1', cidr: '10.64.0.0/20', gatewayIp: '10.64.0.1' },
      'router-1': { name: 'old-router', externalNetworkId: 'the-public-network' },
      'rif-1': { routerId: 'router-1', subnetId: 'sub-1' },
      'fip-1': { pool: 'Ext-Net', portId: 'port-1' },
      'vol-1': { name: 'old-data', size: 40 },
    },
    changed: ['lostops', 'lostops-app-0', 'lostops-database-0'],
  },
  {
    ...{ cloud: 'aws', system: 'basegun', wanted: 'basegun=web' },
    state: stateText('aws', awsState),
    there: {
      'eipalloc-1': { domain: 'vpc', tags: {} },
      'acme-uploads-2019': { bucket: 'acme-uploads-2019' },
    },
    changed: ['basegun-uploads', 'basegun-web-0'],
  },
  {
    ...{ cloud: 'azure', system: 'lostops', wanted: 'lostops=app,database' },
    state: stateText('azurerm', azureState),
    settings: { resourceGroup: 'old-group' },
    options: { database: { size: 'Standard_B2s', volumeGb: 64 } },
    there: {
      [`${group}/ip/app`]: { ...inGroup, publicIpAddressName: 'app-ip', sku: { name: 'Standard' } },
      [`${group}/disk/data`]: {
        ...inGroup,
        diskName: 'db-data',
        creationData: { createOption: 'Empty' },
        diskSizeGB: 64,
      },
    },
    changed: ['lostops-app-0-address', 'lostops-database-0-volume'],
  },
];

describe.each(moved)('$system, moved from Terraform on $cloud', ({ cloud, system, wanted, state, there, ...more }) => {
  const found = terraformFound('state.json', { text: () => state, list: () => undefined }, clouds);
  if (!('table' in found)) throw new Error(JSON.stringify(found.findings));
  const places = placed(found, [wantedSystem(wanted)], systems);
  const { imports, cloud: blocks } = takenOver(found, places.placed, {
    config: stackOf(system, cloud).config,
    buckets: {},
    options: {},
  });
  const own = stackOf(system, cloud, {}, more.options);
  const settings = { ...(own.config['berth:clouds'] as object), ...(more.settings && { [cloud]: more.settings }) };
  const stack = withSecrets({ ...own, config: { ...own.config, 'berth:clouds': settings } });
  const names = imports.resources.filter(({ component }) => !component).map(({ type, name }) => `${type} ${name}`);
  let made: RecordingStack;

  beforeAll(async () => {
    made = await recordingStack();
    for (const [id, inputs] of Object.entries(there)) made.providers.exists(id, inputs as never);
  });
  afterAll(() => made?.remove());

  /** Steps of the engine about what was imported */
  const steps = (run: Awaited<ReturnType<RecordingStack['run']>>['run']) =>
    run.events
      .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
      .filter(({ type, urn }) => names.includes(`${type} ${urn.split('::').at(-1)}`))
      .map(({ op, type, urn }) => ({ op, name: `${urn.split('::').at(-1)}`, type }));

  test('the import finds every resource by its id, and touches none', async () => {
    expect(imports.resources.flatMap(({ id }) => id ?? []).sort()).toEqual(
      expect.arrayContaining(Object.keys(there).sort()),
    );
    await writeFile(join(made.project.folder, 'import.json'), JSON.stringify({ resources: imports.resources }));
    const { run, done } = await made.run('import', stack, '--file', 'import.json');
    expect(run.code, run.output).toBe(0);
    expect(done).toEqual([]);
    expect(blocks.settings?.[cloud] ?? {}).toEqual(cloud === 'aws' ? {} : expect.anything());
  });

  test('a preview replaces and deletes none of them, and changes them in place', async () => {
    const { run } = await made.run('preview', stack);
    expect(run.code, run.output).toBe(0);
    const seen = steps(run);
    expect([...new Set(seen.map(({ op }) => op))].filter((op) => !['same', 'update'].includes(op))).toEqual([]);
    expect(seen.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([...names].sort());
    const updated = [...new Set(seen.filter(({ op }) => op === 'update').map(({ name }) => name))].sort();
    expect(updated).toEqual(more.changed);
  });

  test('the deployment makes what is missing around them, and a second one changes nothing', async () => {
    const { run, done } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    expect(done.filter(({ does }) => does === 'delete')).toEqual([]);
    const again = done.filter(({ does, type, name }) => does === 'create' && names.includes(`${type} ${name}`));
    expect(again).toEqual([]);
    const { run: second } = await made.run('up', stack, '--expect-no-changes');
    expect(second.code, second.output).toBe(0);
  });
});
