import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { machineName } from '../../src/model/names.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { provisioned, role, shop } from './openstackSystem.ts';
import { deployKey, runProgram, sealed } from './program.ts';
import { told } from './shop.ts';

/** What an engine would show of it */
const shown = (declared: DeclaredResource): string =>
  JSON.stringify(declared.inputs, (_, value: unknown) => {
    try {
      sealed(value ?? {});
      return '<secret>';
    } catch {
      return value;
    }
  });

const urns = (declared: readonly DeclaredResource[]) => declared.map(({ type, name }) => `${type} ${name}`).sort();

describe.each(['public', 'private'] as const)('on a %s network', (network) => {
  test('names are stable: a changed one is a decision', async () => {
    const { declared } = await provisioned({ settings: { network } });
    expect(urns(declared)).toMatchSnapshot();
  });

  test('every resource of a cloud has the provider that this system declares', async () => {
    const { declared } = await provisioned({ settings: { network } });
    const clouds = declared.filter(({ type }) => /^(openstack|ovh):/.test(type));
    expect(clouds.length).toBeGreaterThan(20);
    for (const { type, provider } of clouds) {
      const [cloud] = type.split(':');
      expect(provider, type).toContain(`pulumi:providers:${cloud}::shop-${cloud}`);
    }
  });

  test('everything is a child of the system', async () => {
    const { declared } = await provisioned({ settings: { network } });
    const children = declared.filter(({ type }) => type !== 'berth:index:System');
    for (const { options, name } of children) expect(options.parent, name).toMatch(/berth:index:System::shop$/);
  });

  test('a second machine changes nothing of the first', async () => {
    const blueprint = { ...shop, roles: { ...shop.roles, web: role({ count: 2 }) } };
    const before = (await provisioned({ settings: { network } })).declared;
    const after = (await provisioned({ settings: { network }, blueprint })).declared;
    const added = after.filter(({ name, type }) => !before.some((other) => other.name === name && other.type === type));
    expect([...new Set(added.map(({ name }) => name))].sort()).toEqual(['shop-web-1', 'shop-web-1-host-key']);
    for (const resource of before) {
      const now = after.find(({ name, type }) => name === resource.name && type === resource.type);
      expect(now?.inputs, resource.name).toEqual(resource.inputs);
      expect(now?.options, resource.name).toEqual(resource.options);
    }
  });
});

describe('a machine', () => {
  test('stands on a port of its own, which has its group and outlives it', async () => {
    const { one } = await provisioned();
    expect(one('Port', 'shop-web-0').inputs).toMatchObject({
      networkId: 'the-public-network',
      securityGroupIds: ['shop-web-id'],
      name: 'shop-web-0-preprod',
    });
    expect(one('Port', 'shop-web-0').inputs).not.toHaveProperty('fixedIps');
    const { inputs, options } = one('Instance', 'shop-web-0');
    expect(inputs.networks).toEqual([{ port: 'shop-web-0-id' }]);
    expect(inputs).not.toHaveProperty('securityGroups');
    expect(options).toMatchObject({ deleteBeforeReplace: true, protect: true });
  });

  test('keeps the image, the user data and the key that it was made with, and changes its size in place', async () => {
    const { one } = await provisioned();
    const { inputs, options } = one('Instance', 'shop-web-0');
    expect(inputs).toMatchObject({ imageId: 'the-image', flavorName: 's1-2', keyPair: 'shop-preprod' });
    expect([...options.ignoreChanges].sort()).toEqual(['imageId', 'keyPair', 'userData']);
    expect(one('Keypair').inputs).toMatchObject({ publicKey: 'ssh-ed25519 AAAADEPLOY' });
  });

  test('boots with its host key in secret user data, and is pinned by its public half', async () => {
    const { one, hosts } = await provisioned();
    const userData = String(sealed(one('Instance', 'shop-web-0').inputs.userData));
    expect(userData).toContain('the private half of shop-web-0-host-key');
    for (const secret of ['the-secret-key', 'the-swift-password', 'the-write-token', 'the-api-token'])
      expect(userData).not.toContain(secret);
    const host = hosts['shop-web-0'];
    expect(host).toMatchObject({ user: 'berth', port: 22, role: 'web', index: 0 });
    expect(await told(host?.hostKey as pulumi.Output<string>)).toEqual({
      value: 'ssh-ed25519 AAAAC3Nz shop-web-0-host-key',
      secret: false,
    });
    expect(await told(host?.incarnation as pulumi.Output<string>)).toMatchObject({ value: 'shop-web-0-id' });
    expect(await told(host?.address as pulumi.Output<string>)).toMatchObject({ value: '203.0.113.20' });
  });

  test('is found at the IPv4 address of its port', async () => {
    const { fact } = await provisioned();
    expect(await fact('machines.web.0.publicAddress')).toEqual({ value: '203.0.113.20', secret: false });
    expect(await fact('machines.web.0.privateAddress')).toEqual({ value: '203.0.113.20', secret: false });
  });

  const adopting = role({ count: 2, address: { kind: 'reserved', adopt: '203.0.113.99' } });
  const adopter = { blueprint: { ...shop, roles: { ...shop.roles, web: adopting } } };

  test("adopts an address by the port that has it, which is nobody's to delete; of several machines, the first does", async () => {
    const { named, one, fact } = await provisioned({ ...adopter, ports: { own: [], others: ['reserved'] } });
    expect(named('Port')).toEqual(['shop-web-1', 'shop-database-0']);
    expect(one('Instance', 'shop-web-0').inputs.networks).toEqual([{ port: 'reserved' }]);
    expect(one('PortSecGroupAssociate', 'shop-web-0').inputs).toMatchObject({
      ...{ portId: 'reserved', securityGroupIds: ['shop-web-id'], enforce: true },
    });
    expect(await fact('machines.web.0.publicAddress')).toMatchObject({ value: '203.0.113.99' });
    expect(await fact('machines.web.0.privateAddress')).toMatchObject({ value: '203.0.113.99' });
  });

  test('makes a port by an address that none has, in the subnet that holds it; it stays whatever goes', async () => {
    for (const allowDestroy of [false, true]) {
      const { one, fact } = await provisioned({ ...adopter, allowDestroy });
      const { inputs, options } = one('Port', 'shop-web-0');
      expect(inputs.fixedIps).toEqual([{ subnetId: 'new', ipAddress: '203.0.113.99' }]);
      expect(options).toMatchObject({ protect: !allowDestroy, retainOnDelete: true });
      expect(inputs).not.toHaveProperty('securityGroupIds');
      expect(one('Instance', 'shop-web-0').inputs.networks).toEqual([{ port: 'shop-web-0-id' }]);
      expect(one('PortSecGroupAssociate').inputs).toMatchObject({ portId: 'shop-web-0-id' });
      expect(one('Port', 'shop-web-1').inputs).not.toHaveProperty('fixedIps');
      expect(await fact('machines.web.0.publicAddress')).toMatchObject({ value: '203.0.113.99' });
    }
  });

  test('whoever may be refused an address is told before it is asked for how to come by one; who has one, is not', async () => {
    const warned = vi.spyOn(pulumi.log, 'warn').mockResolvedValue();
    onTestFinished(() => warned.mockRestore());
    await provisioned({ ...adopter, ports: { own: [], others: ['reserved'] } });
    const standing = ['openstack:networking/port:Port::shop-web-0'];
    await provisioned({ ...adopter, ports: { own: ['made-before'], others: [] }, standing });
    expect(warned).not.toHaveBeenCalled();
    await provisioned(adopter);
    // The port of before has an address that the cloud has chosen
    await provisioned({ ...adopter, standing });
    const told =
      /^no port of this project has the address 203\.0\.113\.99: .* \(403 PolicyNotAuthorized, fixed_ips:ip_address\), .*`openstack port create --network Ext-Net <name>`/;
    const call = [expect.stringMatching(told), expect.anything()];
    expect(warned.mock.calls).toEqual([call, call]);
  });

  test('keeps the port that it made by an address, and adopts it where the stack that made it has gone', async () => {
    const ports = { own: ['made-before'], others: [] };
    const kept = await provisioned({ ...adopter, ports, standing: ['openstack:networking/port:Port::shop-web-0'] });
    expect(kept.one('Port', 'shop-web-0').inputs.fixedIps).toEqual([{ subnetId: 'new', ipAddress: '203.0.113.99' }]);
    const anew = await provisioned({ ...adopter, ports });
    expect(anew.named('Port')).not.toContain('shop-web-0');
    expect(anew.one('Instance', 'shop-web-0').inputs.networks).toEqual([{ port: 'made-before' }]);
  });

  test('is marked with what it belongs to', async () => {
    const { one } = await provisioned();
    const marks = { system: 'shop', environment: 'preprod', role: 'web', 'managed-by': 'berth' };
    expect(one('Instance', 'shop-web-0').inputs.metadata).toMatchObject(marks);
    const tags = Object.entries(marks).map(([key, value]) => `${key}=${value}`);
    for (const type of ['Port', 'SecGroup']) {
      const resource = one(type, type === 'Port' ? 'shop-web-0' : 'shop-web');
      expect(resource.inputs.tags, type).toEqual(expect.arrayContaining(tags));
    }
  });
});

describe('on a network of theirs', () => {
  const priv = { settings: { network: 'private' as const } };

  test('machines have planned addresses behind a router, and floating ones for the world', async () => {
    const { one, fact } = await provisioned(priv);
    expect(one('Subnet').inputs).toMatchObject({
      cidr: '10.64.0.0/20',
      gatewayIp: '10.64.0.1',
      allocationPools: [{ start: '10.64.15.224', end: '10.64.15.254' }],
    });
    expect(one('Router').inputs.externalNetworkId).toBe('the-public-network');
    expect(one('RouterInterface').inputs).toMatchObject({ routerId: 'shop-id', subnetId: 'shop-id' });
    expect(one('Port', 'shop-database-0').inputs).toMatchObject({
      networkId: 'shop-id',
      fixedIps: [{ subnetId: 'shop-id', ipAddress: '10.64.0.32' }],
    });
    expect(one('FloatingIp', 'shop-web-0').inputs).toMatchObject({ pool: 'Ext-Net', portId: 'shop-web-0-id' });
    expect(await fact('machines.database.0.privateAddress')).toMatchObject({ value: '10.64.0.32' });
    expect(await fact('machines.web.0.publicAddress')).toMatchObject({ value: '203.0.113.50' });
  });

  test('nothing is made before there is a route, and nothing of the route goes before it', async () => {
    const { one } = await provisioned(priv);
    for (const type of ['Instance', 'FloatingIp'])
      expect(one(type, 'shop-web-0').options.dependsOn.join(), type).toContain('RouterInterface::shop');
  });

  test('an adopted address is a floating one that stays when the machine goes', async () => {
    const web = role({ address: { kind: 'reserved', adopt: '203.0.113.99' } });
    const blueprint = { ...shop, roles: { ...shop.roles, web } };
    const { one, named, fact } = await provisioned({ ...priv, blueprint });
    expect(named('FloatingIp')).toEqual(['shop-database-0']);
    expect(one('FloatingIpAssociate').inputs).toMatchObject({ floatingIp: '203.0.113.99', portId: 'shop-web-0-id' });
    expect(await fact('machines.web.0.publicAddress')).toMatchObject({ value: '203.0.113.99' });
  });
});

describe('security groups', () => {
  test('begin empty, and every rule says why', async () => {
    const { declared, one } = await provisioned();
    expect(one('SecGroup', 'shop-web').inputs.deleteDefaultRules).toBe(true);
    const rules = declared.filter(({ type }) => type.endsWith(':SecGroupRule'));
    for (const { inputs, name } of rules) expect(String(inputs.description).length, name).toBeGreaterThan(5);
    expect(one('SecGroupRule', 'shop-database-tcp-3306-from-web').inputs).toMatchObject({
      remoteGroupId: 'shop-web-id',
      description: 'orders',
    });
  });

  test('let everything out, over IPv4 and IPv6, and nothing in over IPv6', async () => {
    const { declared } = await provisioned();
    const rules = declared.filter(({ type }) => type.endsWith(':SecGroupRule'));
    const out = rules.filter(({ inputs }) => inputs.direction === 'egress');
    expect(out.map(({ inputs }) => [inputs.securityGroupId, inputs.ethertype, inputs.remoteIpPrefix])).toEqual([
      ['shop-web-id', 'IPv4', '0.0.0.0/0'],
      ['shop-web-id', 'IPv6', '::/0'],
      ['shop-database-id', 'IPv4', '0.0.0.0/0'],
      ['shop-database-id', 'IPv6', '::/0'],
    ]);
    expect(rules.filter(({ inputs }) => inputs.ethertype === 'IPv6' && inputs.direction !== 'egress')).toEqual([]);
  });

  test('stay open while a reason is put in other words', async () => {
    const { declared } = await provisioned();
    for (const { type, options } of declared)
      if (type.endsWith(':SecGroupRule'))
        expect(options).toMatchObject({ deleteBeforeReplace: true, ignoreChanges: ['description'] });
  });
});

describe('Basegun, by the whole program', () => {
  const file = parse(readFileSync(new URL('../../Pulumi.preprod.yaml', import.meta.url), 'utf8')) as {
    config: Record<string, object>;
  };

  test.each(['public', 'private'])('on a %s network: names are stable, and secrets are secret', async (network) => {
    const { basegun } = file.config['berth:systems'] as { basegun: object };
    const openstackSettings = { ...(file.config['berth:clouds'] as { openstack: object }).openstack, network };
    const { declared, systems } = await runProgram('preprod', {
      ...file.config,
      'berth:systems': { basegun },
      'berth:clouds': { openstack: openstackSettings },
      'berth:secrets': { deployKey },
    });
    await pulumi.runtime.disconnect();
    expect(urns(declared)).toMatchSnapshot();
    for (const resource of declared)
      expect(shown(resource), resource.name).not.toMatch(
        /the-(access-key|secret-key|write-token|api-token)|the private half|PRIVATE KEY/,
      );
    expect(systems.secret).toBe(false);
    expect(JSON.stringify(systems.value)).not.toMatch(/the-(access-key|secret-key|write-token|api-token)/);
    const name = machineName({ system: 'basegun', role: 'web', index: 0 });
    const release = declared.find((resource) => resource.name === `${name}-release`);
    expect(sealed(release?.inputs.connection)).toMatchObject({
      host: network === 'public' ? '203.0.113.20' : '203.0.113.50',
      user: 'berth',
      hostKey: `ssh-ed25519 AAAAC3Nz ${name}-host-key`,
    });
  });
});
