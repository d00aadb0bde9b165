import * as pulumi from '@pulumi/pulumi';
import { expect } from 'vitest';
import type { Provisioned } from '../../src/clouds/cloud.ts';
import { openstack } from '../../src/clouds/openstack.ts';
import type { Blueprint, Role, Rule } from '../../src/model/blueprint.ts';
import type { Environment, OpenstackSettings } from '../../src/model/environment.ts';
import { openstackAnswers, openstackFunctions } from './answers/openstack.ts';
import { type Declared, recorded } from './recorded.ts';

export const role = (extra: Partial<Role> = {}): Role => ({
  count: 1,
  size: 's1-2',
  diskGb: 10,
  address: { kind: 'reserved' },
  services: [],
  publish: {},
  ...extra,
});

export const rule = (from: Rule['from'], to: string, port: number, why = 'because'): Rule => ({
  from,
  to,
  port,
  protocol: 'tcp',
  why,
});

export const shop: Blueprint = {
  system: 'shop',
  version: '1.0.0',
  url: 'https://shop.example.org',
  probe: { path: '/' },
  roles: { web: role(), database: role({ volume: { sizeGb: 20 } }) },
  rules: [
    rule('internet', 'web', 443, 'customers'),
    rule('operators', 'web', 22, 'operators of web'),
    rule('operators', 'database', 22, 'operators of database'),
    rule({ role: 'web' }, 'database', 3306, 'orders'),
    rule({ networks: ['192.0.2.0/28', '192.0.2.32/28'], name: 'gateway' }, 'web', 80, 'the gateway'),
  ],
  buckets: [
    { name: 'uploads', apis: ['s3'] },
    { name: 'models', apis: ['swift', 's3'] },
  ],
  logStreams: [{ name: 'app' }],
  caches: [],
  balancers: [],
  records: [
    { name: 'shop.example.org', to: { role: 'web', index: 0 } },
    { name: 'example.org', to: { role: 'web', index: 0 } },
    { name: 'shop.elsewhere.net', to: { role: 'web', index: 0 } },
  ],
};

export const project = '0123456789abcdef0123456789abcdef';
export const settings: OpenstackSettings = {
  project,
  network: 'public',
  logsService: 'ldp-ab-12345',
  dnsZone: 'example.org',
};

interface Given {
  blueprint?: Blueprint;
  settings?: Partial<OpenstackSettings>;
  environment?: Partial<Environment>;
  allowDestroy?: boolean;
}

interface Told extends Provisioned {
  declared: Declared[];
  one(type: string, name?: string): Declared;
  named(type: string): string[];
  fact(name: string): Promise<{ value: string; secret: boolean }>;
}

/** What one system on this cloud comes to */
export async function provisioned({ blueprint = shop, allowDestroy = false, ...given }: Given = {}): Promise<Told> {
  const declared = await recorded('preprod', openstackAnswers, openstackFunctions);
  const provided = openstack.provision({
    blueprint,
    environment: {
      name: 'preprod',
      operators: { networks: ['198.51.100.0/25', '198.51.100.128/25'], sshPublicKeys: [] },
      systems: {},
      network: '10.64.0.0/20',
      clouds: { openstack: { ...settings, ...given.settings } },
      ...given.environment,
    },
    entry: { cloud: 'openstack', region: 'GRA7', restartEdge: false, allowDestroy, options: {} },
    secrets: {},
    deployKey: pulumi.output('ssh-ed25519 AAAADEPLOY'),
    parent: new pulumi.ComponentResource('berth:index:System', blueprint.system),
  });
  await pulumi.runtime.disconnect();
  const typed = (type: string) => declared.filter((resource) => resource.type.endsWith(`:${type}`));
  return {
    ...provided,
    declared,
    named: (type) => typed(type).map(({ name }) => name),
    one(type, name) {
      const found = typed(type).filter((resource) => name === undefined || resource.name === name);
      expect(found, `${type} ${name ?? ''}`).toHaveLength(1);
      return found[0] as Declared;
    },
    fact: (name) => told(provided.facts[name] as pulumi.Output<string>),
  };
}

export const told = async (output: pulumi.Output<string>): Promise<{ value: string; secret: boolean }> => {
  const secret = await pulumi.isSecret(output);
  return new Promise((resolve) => output.apply((value) => resolve({ value, secret })));
};
