import { expect, test } from 'vitest';
import { findings } from '../../src/policy/policy.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { run } from './matrixStacks.ts';
import { type CloudName, policies, read, stackOf, withSecrets } from './samples.ts';

// Mad with two balancers, on each cloud: who has their common address, and where the public name leads.

const sizes: Partial<Record<CloudName, string>> = {
  openstack: 'b2-7',
  aws: 't3.medium',
  local: 'small',
  azure: 'Standard_B2s',
};
const stack = (cloud: CloudName, more: object = {}) => {
  const size = sizes[cloud];
  const balancer = { count: 2, ...(size && { size }) };
  return stackOf('mad', cloud, more, cloud === 'existing' ? {} : { balancer });
};

async function declaredOn(cloud: CloudName) {
  const { declared, planned } = await run(withSecrets(stack(cloud)), 'prod');
  const typed = (type: string): readonly DeclaredResource[] => declared.filter((one) => one.type.endsWith(`:${type}`));
  const named = (type: string, name: string): DeclaredResource['inputs'] => {
    const found = typed(type).find((one) => one.name === name);
    if (!found) throw new Error(`no ${type} ${name}; there are ${typed(type).map((one) => one.name)}`);
    return found.inputs;
  };
  return { declared, planned, typed, named };
}

test('on openstack two ports may send from an address that a third one keeps, with a floating address', async () => {
  const { typed, named } = await declaredOn('openstack');
  const address = (named('Port', 'mad-balancer-address').fixedIps as { ipAddress: string }[])[0]?.ipAddress;
  for (const index of [0, 1])
    expect(named('Port', `mad-balancer-${index}`).allowedAddressPairs).toEqual([{ ipAddress: address }]);
  expect(named('Port', 'mad-api-0')).not.toHaveProperty('allowedAddressPairs');
  expect(named('FloatingIp', 'mad-balancer-address')).toMatchObject({ portId: 'mad-balancer-address-id' });
  expect(typed('FloatingIp').map(({ name }) => name)).toContain('mad-balancer-0');
});

test('on openstack the two alone may tell each other who has it', async () => {
  const { typed } = await declaredOn('openstack');
  const vrrp = typed('SecGroupRule').filter(({ inputs }) => inputs.protocol === 'vrrp');
  expect(vrrp.map(({ inputs }) => inputs)).toEqual([
    expect.objectContaining({ securityGroupId: 'mad-balancer-id', remoteGroupId: 'mad-balancer-id' }),
  ]);
  expect(vrrp[0]?.inputs).not.toHaveProperty('portRangeMin');
});

test("on openstack's public network it is refused, which gives no address to several machines", () => {
  const [blueprint] = read(stack('openstack'), 'prod').blueprints;
  expect(blueprint?.roles.balancer?.failover).toBe('address');
  const clouds = { openstack: { project: '0'.repeat(32), network: 'public' } };
  const entry = (stack('openstack').config['berth:systems'] as { mad: object }).mad;
  const trusting = { mad: { ...entry, trustNetwork: true } };
  expect(() => read(stack('openstack', { 'berth:clouds': clouds, 'berth:systems': trusting }), 'prod')).toThrow(
    /berth:clouds\.openstack\.network[\s\S]*role balancer could hold in turn[\s\S]*network: private/,
  );
});

test('on aws a network balancer hands out connections; the second machine gets them once it has its release', async () => {
  const { typed, named, planned } = await declaredOn('aws');
  expect(named('LoadBalancer', 'mad-balancer')).toMatchObject({ loadBalancerType: 'network', internal: false });
  const groups = typed('TargetGroup').filter(({ name }) => name.startsWith('mad-balancer-'));
  expect(groups.map(({ inputs }) => [inputs.port, inputs.protocol])).toEqual([
    [80, 'TCP'],
    [443, 'TCP'],
  ]);
  for (const { inputs } of groups)
    expect(inputs.healthCheck).toMatchObject({ protocol: 'HTTPS', port: '443', path: '/balancer/health' });
  const waits = (name: string) =>
    typed('TargetGroupAttachment')
      .find((one) => one.name === name)
      ?.options.dependsOn.map((urn) => urn.replace(/^.*::/, ''))
      .filter((waited) => waited.endsWith('-release'));
  for (const port of [80, 443]) {
    expect(waits(`mad-balancer-0-${port}`)).toEqual([]);
    expect(waits(`mad-balancer-1-${port}`)).toEqual(['mad-balancer-1-release']);
  }
  expect(findings(planned, policies).filter(({ why }) => why === undefined)).toEqual([]);
});

test('on local one container keeps the address and its name for docker, and asks this computer for no more', async () => {
  const { declared, planned, named } = await declaredOn('local');
  expect(named('Address', 'mad-balancer-address')).toMatchObject({ aliases: ['api.mad.berth.test'] });
  for (const index of [0, 1])
    expect(named('Machine', `mad-balancer-${index}`).aliases).not.toContain('api.mad.berth.test');
  const rules = named('Machine', 'mad-balancer-0').rules as { protocol: string; sources: string[] }[];
  expect(rules.filter(({ protocol }) => protocol === 'vrrp')).toEqual([
    { protocol: 'vrrp', port: 112, sources: [expect.any(String), expect.any(String)] },
  ]);
  const asked = planned.flatMap(({ type, inputs }) =>
    type === 'berthlocal:index:computer' ? (inputs.containers as { name: string }[]) : [],
  );
  const containers = declared.filter(({ type, inputs }) => type.startsWith('berthlocal:') && 'image' in inputs);
  expect(asked.map(({ name }) => name).sort()).toEqual(containers.map(({ name }) => name).sort());
});

test('on azure it is refused, with the clouds that have it', () => {
  expect(() => read(stack('azure'), 'prod')).toThrow(
    /berth:systems\.mad\.balancer\.count[\s\S]*one address of several machines, which cloud azure does not have\n +allowed: 1, or a cloud that has one: openstack, aws, local\n/,
  );
});

test("another Redis that takes over is the cloud's own second node, or one of three machines", () => {
  const own = { size: 'cache.t4g.micro', failover: true };
  const [ofCloud] = read(stackOf('mad', 'aws', {}, { redis: own }), 'prod').blueprints;
  expect(ofCloud?.caches).toEqual([expect.objectContaining({ name: 'redis', failover: true })]);
  const [onMachines] = read(
    stackOf('mad', 'openstack', {}, { redis: { size: 'b2-7', failover: true } }),
    'prod',
  ).blueprints;
  expect(onMachines?.roles.redis).toMatchObject({ count: 3, services: [{ name: 'redis' }, { name: 'sentinel' }] });
  expect(onMachines?.roles.redis).not.toHaveProperty('failover');
});

test.each([
  ['openstack', { size: 'b2-7', failover: true, persistent: false }],
  ['kubernetes', { failover: true }],
] as const)('on %s it is refused for machines that could not take over: %j', (cloud, redis) => {
  expect(() => read(stackOf('mad', cloud as CloudName, {}, { redis }), 'prod')).toThrow(
    /berth:systems\.mad\.redis\.failover\n +asks for another Redis that takes over[\s\S]*caches: aws; on three machines/,
  );
});
