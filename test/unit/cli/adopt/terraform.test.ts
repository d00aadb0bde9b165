import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { berthHere } from '../berth.ts';
import { type Adopted, adopted, former, project, refusals } from './adopted.ts';
import { awsState, azureState, openstackState, stateText } from './state.ts';

/** The import file in what was printed */
function imports({ stdout }: Adopted): readonly string[] {
  const [, json] = /\n(\{\n {2}"resources"[\s\S]*?\n\})\n/.exec(stdout) ?? [];
  const { resources = [] } = json === undefined ? {} : JSON.parse(json);
  const names = new Map(resources.map((one: Record<string, string>) => [one.name, one.logicalName]));
  return resources.map(({ type, name, logicalName = name, id = '-', parent }: Record<string, string>) =>
    [type, logicalName, id, names.get(parent) ?? '-'].join(' '),
  );
}

const stateOf = (text: string): string => project({ 'state.json': text });
const args = ['--terraform', 'state.json'];

describe("the systems' own former states", () => {
  test('Basegun on OpenStack: its size, its fixed address and its container', async () => {
    const more = ['--option', 'storage=swift', '--option', 'version=3.3.0', '--system', 'basegun=instance:web'];
    const run = await adopted(['--terraform', former('basegun/terraform.json'), ...more]);
    expect(run.stderr).toBe('');
    expect(run.entry('basegun')).toEqual({
      ...{ cloud: 'openstack', region: 'GRA7', tls: 'acme', storage: 'swift', version: '3.3.0' },
      web: { size: 'b2-7', diskGb: 10, address: '198.18.7.10' },
    });
    expect(imports(run)).toEqual([
      'berth:index:System basegun - -',
      'openstack:objectstorage/container:Container basegun-uploads basegun-uploads basegun',
    ]);
    expect(run.stdout).toContain('OS_REGION_NAME=GRA7 pulumi import --file import.old.json --stack old');
    expect(run.stdout).not.toContain('never-printed');
  });

  test('a container that the program would not declare is not imported: the engine would delete it', async () => {
    const run = await adopted(['--terraform', former('basegun/terraform.json'), '--system', 'basegun=instance:web']);
    expect(imports(run)).toEqual([]);
    expect(run.stdout).toContain('photos: bucket uploads of basegun is used by s3, and this one by swift');
  });

  test('Mad on AWS: machines of its modules by role, the address of its balancer; reasons for everything else', async () => {
    const roles = 'mad=api,api_load_balancer:balancer,web,client';
    const run = await adopted(['--terraform', former('mad/terraform.json'), '--system', roles]);
    expect(run.stderr).toBe('');
    const machine = { size: 't2.micro', diskGb: 20 };
    expect(run.entry('mad')).toEqual({
      ...{ cloud: 'aws', region: 'eu-west-2' },
      ...{ api: { count: 2, ...machine }, balancer: machine },
      ...{ web: { count: 2, ...machine }, client: { count: 2, ...machine } },
    });
    expect(imports(run)).toEqual(['berth:index:System mad - -', 'aws:ec2/eip:Eip mad-balancer-0 eipalloc-0a1b mad']);
    for (const said of [
      'module.api.aws_security_group.api_security_group: berth has a closed group for each role',
      'module.api.aws_elasticache_cluster.api_redis: berth has a replication group of Valkey',
      'module.web.aws_elb.web_load_balancer: berth has a balancer of its own',
      'aws_key_pair.mad: the stack has a deploy key of its own',
      'module.api.aws_instance.api[1]: berth makes a new machine',
    ])
      expect(run.stdout).toContain(said);
  });

  test('Lostops in a lab of Azure: its machines can be kept as they are, over SSH', async () => {
    const roles = 'lostops=app_web:app,app_database:database,app_docker:monitoring';
    const state = ['--terraform', former('lostops/terraform.json'), '--system', roles];
    const run = await adopted(state);
    expect(run.entry('lostops')).toMatchObject({ cloud: 'azure', app: { size: 'Standard_A4_v2' } });
    expect(imports(run)).toEqual([]);
    expect(run.stdout).toContain('local_file.inventory: nothing of provider local is taken over');
    const names = ['app-web812909', 'app-database042343', 'app-docker025984'];
    const addresses = names.flatMap((name, index) => [
      ...['--address', `${name}.westeurope.cloudapp.azure.com=198.18.5.${index + 1}`],
    ]);
    const kept = await adopted([...state, '--keep-machines', ...addresses]);
    expect(kept.entry('lostops')).toMatchObject({
      cloud: 'existing',
      database: { hosts: [{ address: '198.18.5.2', user: 'admuser' }] },
    });
  });
});

describe('what is imported', () => {
  test('on OpenStack: network, subnet and router of the same range, an address by way of its port, a data disk', async () => {
    const run = await adopted(
      [...args, '--system', 'lostops=app,database'],
      stateOf(stateText('openstack', openstackState)),
    );
    expect(run.stderr).toBe('');
    expect(imports(run)).toEqual([
      'berth:index:System lostops - -',
      'openstack:networking/network:Network lostops net-1 lostops',
      'openstack:networking/subnet:Subnet lostops sub-1 lostops',
      'openstack:networking/router:Router lostops router-1 lostops',
      'openstack:networking/routerInterface:RouterInterface lostops rif-1 lostops',
      'openstack:networking/floatingIp:FloatingIp lostops-app-0 fip-1 lostops',
      'openstack:blockstorage/volume:Volume lostops-database-0 vol-1 lostops',
    ]);
    expect(run.stdout).toContain('project: 6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7\n    network: private');
    expect(run.entry('lostops')).toMatchObject({ database: { size: 'b2-7', volumeGb: 40 } });
    expect(run.stdout).toContain('openstack_networking_secgroup_v2.web: berth has a closed group for each role');
  });

  test("a network of another range sets berth's in a new file, and is left where the file has another", async () => {
    const text = stateText('openstack', openstackState).replaceAll('10.64.0.0/20', '10.9.0.0/20');
    const fresh = await adopted([...args, '--system', 'lostops=app,database'], stateOf(text));
    expect(fresh.stdout).toContain('berth:network: 10.9.0.0/20');
    expect(imports(fresh)).toContain('openstack:networking/subnet:Subnet lostops sub-1 lostops');
    const settings = '  berth:clouds: { openstack: { network: private } }\n';
    const file = `config:\n  berth:network: 10.7.0.0/20\n${settings}  berth:systems:\n    basegun: { cloud: openstack }\n`;
    const folder = project({ 'state.json': text, 'Pulumi.old.yaml': file });
    const run = await adopted([...args, '--system', 'lostops=app,database'], folder);
    expect(imports(run).filter((line) => line.includes('Subnet'))).toEqual([]);
    expect(run.stdout).toContain('sub: its range is 10.9.0.0/20, and berth:network is 10.7.0.0/20');
    const outside = project({ 'state.json': text, 'Pulumi.old.yaml': file.replace('private', 'public') });
    const none = await adopted([...args, '--system', 'lostops=app,database'], outside);
    expect(imports(none).filter((line) => line.includes('networking'))).toEqual([]);
    expect(none.stdout).toContain('net: the settings of the cloud do not say network: private');
  });

  test('on AWS: an address by its association, a bucket with what is set of it; reasons for the others', async () => {
    const run = await adopted([...args, '--system', 'basegun=web'], stateOf(stateText('aws', awsState)));
    expect(imports(run)).toEqual([
      'berth:index:System basegun - -',
      'aws:ec2/eip:Eip basegun-web-0 eipalloc-1 basegun',
      'aws:s3/bucket:Bucket basegun-uploads acme-uploads-2019 basegun',
      'aws:s3/bucketVersioning:BucketVersioning basegun-uploads acme-uploads-2019 basegun',
    ]);
    for (const said of [
      'aws_eip.spare: it belongs to no machine',
      'aws_ebs_volume.plain: it is not encrypted, which needs a new disk',
      'aws_vpc.own: its network has subnets, which those of berth would overlap',
    ])
      expect(run.stdout).toContain(said);
  });

  test('a bucket whose name says nothing is named by a person', async () => {
    const text = stateText('aws', awsState).replaceAll('acme-uploads-2019', 'acme-2019');
    const run = await adopted([...args, '--system', 'basegun=web'], stateOf(text));
    expect(imports(run).filter((line) => line.includes('s3'))).toEqual([]);
    expect(run.stdout).toContain('→ --bucket uploads=acme-2019');
    const named = await adopted([...args, '--system', 'basegun=web', '--bucket', 'uploads=acme-2019'], stateOf(text));
    expect(imports(named)).toContain('aws:s3/bucket:Bucket basegun-uploads acme-2019 basegun');
  });

  test('on Azure: an address by way of its interface, a data disk, and the resource group that they are in', async () => {
    const run = await adopted([...args, '--system', 'lostops=app,database'], stateOf(stateText('azurerm', azureState)));
    const place = '/subscriptions/0/resourceGroups/old-group/providers';
    expect(imports(run)).toEqual([
      'berth:index:System lostops - -',
      `azure-native:network:PublicIPAddress lostops-app-0-address ${place}/ip/app lostops`,
      `azure-native:compute:Disk lostops-database-0-volume ${place}/disk/data lostops`,
    ]);
    expect(run.stdout).toContain('resourceGroup: old-group');
  });

  test('the same is read of a state and of what `terraform show -json` prints of it or of a plan', async () => {
    const resources = awsState.map(([type, name, values]) => ({
      ...{ address: `${type}.${name}`, mode: 'managed', type, name, values },
      provider_name: 'registry.terraform.io/hashicorp/aws',
    }));
    const values = { root_module: { child_modules: [{ address: 'module.a', resources }] } };
    const state = { format_version: '1.0', values };
    const plan = { format_version: '1.2', planned_values: {}, resource_changes: [], prior_state: state };
    const wanted = ['--system', 'basegun=web'];
    const [first, ...others] = await Promise.all(
      [stateText('aws', awsState), JSON.stringify(state), JSON.stringify(plan)].map((text) =>
        adopted([...args, ...wanted], stateOf(text)),
      ),
    );
    for (const other of others) expect(first && imports(other)).toEqual(first && imports(first));
  });

  test('the files are the entry and the list for the engine; without --dry-run both are written', async () => {
    const folder = stateOf(stateText('aws', awsState));
    const run = await berthHere(['adopt', 'prod', ...args, '--system', 'basegun=web'], folder);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('wrote Pulumi.prod.yaml\nwrote import.prod.json\n');
    const { resources } = JSON.parse(readFileSync(join(folder, 'import.prod.json'), 'utf8'));
    expect(resources[0]).toMatchObject({ type: 'berth:index:System', logicalName: 'basegun', component: true });
    expect(readFileSync(join(folder, 'Pulumi.prod.yaml'), 'utf8')).toContain('cloud: aws');
  });
});

describe('mistakes', () => {
  const google = stateText('google', [['google_compute_instance', 'a', { id: '1' }]]);
  const plan = JSON.stringify({ format_version: '1.2', planned_values: {}, resource_changes: [{}] });
  test.each([
    ['no JSON', 'resource "aws_instance" {}', 'is no JSON'],
    ['a plan in its own form', 'PK\u0003\u0004', 'is a plan in Terraform’s own form'],
    ['an older state', '{"version":3}', 'is a state of version 3, and 4 is read'],
    ['something else', '{}', 'is no state'],
    ['a plan before which nothing exists', plan, 'is a plan before which nothing exists'],
    ['an empty state', '{"version":4,"resources":[]}', 'has no resources'],
    ['of an unknown provider', google, 'has resources of google alone'],
  ])('a file that is %s', async (_, text, expected) => {
    const run = await adopted([...args, '--system', 'basegun=web'], stateOf(text));
    expect(run.code).toBe(1);
    expect(refusals(run)).toEqual([`state.json:1: ${expected}`]);
  });
});
