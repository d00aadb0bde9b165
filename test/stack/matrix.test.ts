import { describe, expect, test } from 'vitest';
import { clouds as registry } from '../../src/clouds/registry.ts';
import { machinesOf } from '../../src/model/machines.ts';
import { machineName } from '../../src/model/names.ts';
import { findings } from '../../src/policy/policy.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { machineNeeds } from '../../src/render/needs.ts';
import { expectSameNames, type Run, run } from './matrixStacks.ts';
import {
  type CloudName,
  clouds,
  deployKey,
  environments,
  policies,
  read,
  type SystemName,
  stackOf,
  systemNames,
  withSecrets,
} from './samples.ts';
import { isSealed, plainTexts, secretsOf } from './seals.ts';

/** What a cloud can't give a system, and what its author gets to read */
const refused: Readonly<Record<string, RegExp>> = {
  'basegun on azure':
    /berth:systems\.basegun\n +asks for bucket uploads with the protocol s3, which cloud azure does not support\n +allowed: blob\n +fix: /,
};

const stacks = systemNames.flatMap((system) =>
  clouds.map((cloud) => ({ system, cloud, name: `${system} on ${cloud}` })),
);

describe.each(stacks.filter(({ name }) => name in refused))('$name', ({ system, cloud, name }) => {
  test.each(environments)('is refused in %s, before anything is declared', async (environment) => {
    const stack = stackOf(system, cloud, { 'berth:secrets': { deployKey } });
    expect(String(await run(stack, environment).catch(({ message }) => message))).toMatch(refused[name] ?? /^$/);
  });
});

describe.each(stacks.filter(({ name }) => !(name in refused)))('$name', ({ system, cloud }) => {
  const stack = withSecrets(stackOf(system, cloud));
  const runs: Record<string, Run> = {};
  const runOf = (environment: string): Run => runs[environment] ?? { declared: [], planned: [] };

  test.each(environments)('deploys to %s', async (environment) => {
    runs[environment] = await run(stack, environment);
    expect(runOf(environment).declared.filter(isRelease)).toHaveLength(machineCount(system, cloud));
  });

  test('has the same names in every environment: another one is a decision', () => expectSameNames(runOf));

  test('everything is a child of its system, and has the provider of its own cloud', () => {
    for (const { type, name, options, provider } of runOf('prod').declared) {
      if (type === 'berth:index:System') continue;
      expect(options.parent, `${type} ${name}`).toMatch(new RegExp(`::berth:index:System::${system}$`));
      const [, owner = ''] = /^(aws|azure-native|openstack|ovh):/.exec(type) ?? [];
      // What logs in nowhere has no provider of its own: host keys, remote commands, this computer's machines
      if (owner === '') expect(type).toMatch(/^(tls|command|berthlocal|pulumi):/);
      else expect(provider, `${type} ${name}`).toContain(`pulumi:providers:${owner}::`);
    }
  });

  test('everything is named after its system, by which it is deployed alone', () => {
    const others = runOf('prod').declared.filter(({ name }) => name !== system && !name.startsWith(`${system}-`));
    expect(others.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  });

  test('machines and addresses are protected but for those by which a fleet grows, and what holds data outlives the program', () => {
    for (const { type, name, options } of runOf('prod').declared) {
      const data = holdsData.has(type);
      const spare = /^mad-(api|web|client)-[1-9]/.test(name);
      expect([name, type, options.protect], name).toEqual([name, type, data || (isGuarded.has(type) && !spare)]);
      expect([name, type, options.retainOnDelete], name).toEqual([name, type, data]);
    }
  });

  test('a machine has two remote commands, whose secrets are sealed', () => {
    const commands = runOf('prod').declared.filter(({ type }) => type === 'command:remote:Command');
    expect(commands).toHaveLength(2 * machineCount(system, cloud));
    for (const { inputs } of commands) {
      expect(isSealed(inputs.connection)).toBe(true);
      for (const never of ['triggers', 'delete', 'update', 'environment']) expect(inputs).not.toHaveProperty(never);
    }
    for (const { inputs } of runOf('prod').declared.filter(isRelease)) expect(isSealed(inputs.stdin)).toBe(true);
  });

  test('a secret that its file names for the application reaches the machines that run it, and no others', () => {
    const [blueprint] = read(stack, 'prod').blueprints;
    if (!blueprint) throw new Error('no blueprint');
    const roles = machinesOf(blueprint)
      .filter(({ role, machine }) => machineNeeds(blueprint, role, machine).secrets.includes('mailPassword'))
      .map(({ machine }) => machine.role);
    expect([...new Set(roles)]).toEqual([{ basegun: 'web', lostops: 'app', mad: 'api', catalogage: 'web' }[system]]);
  });

  test('no secret is anywhere but in a seal', () => {
    const secrets = secretsOf(stack);
    const told = runOf('prod').declared.flatMap(({ name, inputs }) =>
      plainTexts(inputs)
        .filter((text) => secrets.some((secret) => secret.test(text)))
        .map((text) => `${name}: ${text}`),
    );
    expect(told).toEqual([]);
  });

  test('this computer is asked before whether it can have exactly the containers that it then gets', () => {
    const { planned, declared } = runOf('prod');
    const asked = planned.flatMap(({ type, inputs }) =>
      type === 'berthlocal:index:computer' ? inputs.containers : [],
    );
    const containers = declared.filter(({ type, inputs }) => type.startsWith('berthlocal:') && 'image' in inputs);
    expect(asked.map((container) => Object(container).name).sort()).toEqual(containers.map(({ name }) => name).sort());
    expect(containers.length > 0).toBe(cloud === 'local');
  });

  test('scanners find nothing that is not meant', () => {
    for (const environment of environments) {
      const found = findings(runOf(environment).planned, policies);
      expect(found.filter(({ why }) => why === undefined)).toEqual([]);
    }
  });
});

test('a table that refuses says so of every cloud that lacks what is asked', () => {
  const lacking = clouds.filter((cloud) => !registry[cloud]?.capabilities.bucketApis.includes('s3'));
  expect(lacking.map((cloud) => `basegun on ${cloud}`)).toEqual(Object.keys(refused));
});

test('allowDestroy takes the protection away, from everything', async () => {
  for (const cloud of ['openstack', 'azure', 'aws'] as const) {
    const { declared } = await run(withSecrets(stackOf('lostops', cloud, {}, { allowDestroy: true })), 'prod');
    expect(declared.filter(({ options }) => options.protect || options.retainOnDelete).map(({ name }) => name)).toEqual(
      [],
    );
  }
});

test.each(clouds.filter((cloud) => registry[cloud]?.capabilities.makesMachines))(
  'by one line a machine watches the others on %s: the cloud opens their exporters to it, and scanners find nothing',
  async (cloud) => {
    const stack = withSecrets(stackOf('mad', cloud, {}, { monitoring: true }));
    const former = (await run(withSecrets(stackOf('mad', cloud)), 'prod')).declared;
    const { declared, planned } = await run(stack, 'prod');
    expect(declared.filter(isRelease)).toHaveLength(former.filter(isRelease).length + 1);
    const names = new Set(declared.map(({ type, name }) => `${type} ${name}`));
    expect(former.filter(({ type, name }) => !names.has(`${type} ${name}`))).toEqual([]);
    // Releases are sealed, so that what names a port is a firewall of the cloud
    const opens = (one: DeclaredResource) => /\b9100\b/.test(JSON.stringify(one.inputs));
    expect(declared.filter(opens).length).toBeGreaterThan(0);
    expect(former.filter(opens)).toEqual([]);
    expect(findings(planned, policies).filter(({ why }) => why === undefined)).toEqual([]);
  },
);

test('a credential that is missing stops the program before anything is declared', async () => {
  const message = await run(withSecrets(stackOf('mad', 'aws')), 'prod', { without: ['AWS_SECRET_ACCESS_KEY'] }).catch(
    String,
  );
  expect(message).toMatch(
    /environment variables: 1 problem, nothing was changed\n\n +AWS_SECRET_ACCESS_KEY\n +is missing/,
  );
});

describe('what is not known yet', () => {
  test('without anything unknown, a preview knows every release', async () => {
    const { declared } = await run(withSecrets(stackOf('mad', 'aws')), 'prod', { unknown: [] });
    expect(waiting(declared)).toEqual([]);
  });

  test('a bucket makes those machines wait that read it, and no other', async () => {
    const basegun = stackOf('basegun', 'openstack').config['berth:systems'] as object;
    const lostops = stackOf('lostops', 'openstack').config['berth:systems'] as object;
    const both = withSecrets(stackOf('lostops', 'openstack', { 'berth:systems': { ...basegun, ...lostops } }));
    const { declared } = await run(both, 'prod', { unknown: ['ovh:CloudProject/s3Credential:S3Credential'] });
    expect(waiting(declared)).toEqual(['basegun-web-0-release']);
    expect(declared.filter(isRelease)).toHaveLength(4);
  });

  test('a cache makes those machines wait that call it', async () => {
    const { declared } = await run(withSecrets(stackOf('mad', 'aws')), 'prod', {
      unknown: ['aws:elasticache/replicationGroup:ReplicationGroup'],
    });
    expect(waiting(declared)).toEqual(['mad-api-0-release', 'mad-api-1-release']);
  });
});

describe.each(['openstack', 'azure', 'aws'] as const)('one more machine of the API on %s', (cloud) => {
  test('changes exactly the machines that name it, and adds its own', async () => {
    const of = (count: number) =>
      withSecrets(
        stackOf(
          'mad',
          cloud,
          {},
          { api: { count, size: { openstack: 'b2-7', azure: 'Standard_B2s', aws: 't3.small' }[cloud] } },
        ),
      );
    const [before, after] = [await run(of(2), 'prod'), await run(of(3), 'prod')];
    const key = ({ type, name }: DeclaredResource) => `${type} ${name}`;
    const now = new Map(after.declared.map((one) => [key(one), one]));
    expect(before.declared.filter((one) => !now.has(key(one))).map(key)).toEqual([]);
    const changed = before.declared.filter(
      (one) => JSON.stringify(one.inputs) !== JSON.stringify(now.get(key(one))?.inputs),
    );
    expect(changed.map(({ name }) => name).sort()).toEqual(
      naming(of(3), 'machines.api.2.')
        .map((name) => `${name}-release`)
        .sort(),
    );
    expect(changed.length).toBeGreaterThan(0);
    const known = new Set(before.declared.map(key));
    for (const { name } of after.declared.filter((one) => !known.has(key(one))))
      expect(name).toMatch(/api.*2|203\.0\.113/);
  });
});

const isRelease = ({ type, name }: DeclaredResource): boolean =>
  type === 'command:remote:Command' && name.endsWith('-release');

function machineCount(system: SystemName, cloud: CloudName): number {
  const { blueprints } = read(stackOf(system, cloud), 'prod');
  return blueprints.flatMap((blueprint) => machinesOf(blueprint)).length;
}

/** The machines of a stack whose files name a fact that begins so, besides the one that it is about */
function naming(stack: ReturnType<typeof stackOf>, fact: string): readonly string[] {
  const { blueprints } = read(stack, 'prod');
  return blueprints.flatMap((blueprint) =>
    machinesOf(blueprint)
      .filter(({ machine, role }) => machineNeeds(blueprint, role, machine).refs.some((ref) => ref.startsWith(fact)))
      .filter(({ machine }) => !fact.startsWith(`machines.${machine.role}.${machine.index}.`))
      .map(({ machine }) => machineName(machine)),
  );
}

/** Releases whose bundle is not known: the seal is there, with nothing in it */
const waiting = (declared: readonly DeclaredResource[]): readonly string[] =>
  declared
    .filter(isRelease)
    .filter(({ inputs }) => (inputs.stdin as { value?: unknown } | undefined)?.value === undefined)
    .map(({ name }) => name);

/** Machines, addresses and what stands in front of them */
const isGuarded = new Set([
  ...['openstack:compute/instance:Instance', 'openstack:networking/port:Port'],
  ...['openstack:networking/floatingIp:FloatingIp'],
  ...['aws:ec2/instance:Instance', 'aws:ec2/eip:Eip', 'aws:elasticache/replicationGroup:ReplicationGroup'],
  ...['aws:lb/loadBalancer:LoadBalancer'],
  ...['azure-native:compute:VirtualMachine', 'azure-native:network:PublicIPAddress'],
]);

/** What is left standing when it leaves the program */
const holdsData = new Set([
  ...['openstack:blockstorage/volume:Volume', 'ovh:CloudProject/storage:Storage'],
  ...['ovh:Dbaas/logsOutputGraylogStream:LogsOutputGraylogStream'],
  ...['aws:ebs/volume:Volume', 'aws:s3/bucket:Bucket', 'aws:opensearch/domain:Domain', 'aws:kms/key:Key'],
  // A group would take along everything that is in it
  'azure-native:resources:ResourceGroup',
  ...['azure-native:compute:Disk', 'azure-native:storage:StorageAccount', 'azure-native:storage:BlobContainer'],
]);
