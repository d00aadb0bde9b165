import { afterAll, beforeAll, expect, test } from 'vitest';
import { messages } from '../engine/engine.ts';
import { type CloudStack, cloudStack } from './stack.ts';

// Faults put in on purpose, each in a resource of its own: what berth must never declare, and the provider or OpenStack refuses

/** Each fault, and what OpenStack says of it */
const faults: Readonly<Record<string, RegExp>> = {
  'emoji in a description': /500/,
  'network with host bits': /198\.51\.100\.7\/24/,
  'rule twice': /already exists/,
  'name too long': /255|too long/i,
  'disk above the quota': /VolumeSizeExceedsAvailableQuota|quota/i,
};

const program = `
import { Volume } from '@pulumi/openstack/blockstorage/volume.js';
import { Network } from '@pulumi/openstack/networking/network.js';
import { SecGroup } from '@pulumi/openstack/networking/secGroup.js';
import { SecGroupRule } from '@pulumi/openstack/networking/secGroupRule.js';
import { Subnet } from '@pulumi/openstack/networking/subnet.js';
import { Provider } from '@pulumi/openstack/provider.js';

const provider = new Provider('cloud', { region: 'GRA7' });
const group = new SecGroup('group', { name: 'group' }, { provider });
const rule = (name, port, other) => {
  const range = { protocol: 'tcp', portRangeMin: port, portRangeMax: port, remoteIpPrefix: '0.0.0.0/0' };
  const inputs = { direction: 'ingress', ethertype: 'IPv4', ...range, securityGroupId: group.id, ...other };
  return new SecGroupRule(name, inputs, { provider, dependsOn: name === 'rule twice' ? [once] : [] });
};
const once = rule('once', 443, {});
rule('rule twice', 443, {});
rule('emoji in a description', 80, { description: '🦄' });
const network = new Network('network', { name: 'network' }, { provider });
new Subnet('network with host bits', { name: 'subnet', networkId: network.id, cidr: '198.51.100.7/24' }, { provider });
new SecGroup('name too long', { name: 'x'.repeat(256) }, { provider });
new Volume('disk above the quota', { name: 'disk', size: 101 }, { provider });
`;

let made: CloudStack;

beforeAll(async () => {
  made = await cloudStack('basegun');
  await made.tenant.allow('block-storage', { gigabytes: 100 });
  await made.project.program(program);
});

afterAll(() => made?.remove());

test('faults that are put in on purpose are noticed, each by itself', async () => {
  const { run } = await made.run('up', made.of(), '--continue-on-error');
  const said = Object.keys(faults).map((name) => [
    name,
    messages(run, name)
      .map(({ message }) => message)
      .join('\n'),
  ]);
  for (const [name = '', text = ''] of said) expect.soft(text, `${name}\n${run.output}`).toMatch(faults[name] ?? /^$/);
});
