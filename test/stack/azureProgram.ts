import * as pulumi from '@pulumi/pulumi';
import { expect } from 'vitest';
import { azure } from '../../src/clouds/azure.ts';
import type { Provisioned } from '../../src/clouds/cloud.ts';
import type { Blueprint, Role, Rule } from '../../src/model/blueprint.ts';
import type { AzureSettings } from '../../src/model/environment.ts';
import { azureAnswers, azureFunctions } from './answers/azure.ts';
import { openstackAnswers } from './answers/openstack.ts';
import { type Answers, type Declared, recorded } from './recorded.ts';

export const role = (extra: Partial<Role> = {}): Role => ({
  count: 1,
  size: 'Standard_B2s',
  diskGb: 10,
  address: { kind: 'reserved' },
  services: [],
  publish: {},
  ...extra,
});

export const rule = (from: Rule['from'], to: string, port: number, why = 'because'): Rule => ({
  ...{ from, to, port, why },
  protocol: 'tcp',
});

/** A system with everything that Azure has */
export const shop: Blueprint = {
  system: 'shop',
  version: '1.0.0',
  url: 'https://shop.example.org',
  probe: { path: '/' },
  roles: {
    web: role({ schedule: { days: ['mon', 'tue'], start: '09:00', stop: '18:30', zone: 'Europe/Paris' } }),
    database: role({ volume: { sizeGb: 20 } }),
  },
  rules: [
    rule('internet', 'web', 443, 'customers open the shop'),
    rule('operators', 'web', 22),
    rule('operators', 'database', 22),
    rule({ role: 'web' }, 'database', 3306, 'orders are stored'),
    rule({ networks: ['192.0.2.0/28', '192.0.2.32/28'], name: 'gateway' }, 'web', 80),
  ],
  buckets: [{ name: 'uploads', apis: ['blob'] }],
  logStreams: [{ name: 'app' }],
  caches: [],
  balancers: [],
  records: [
    { name: 'shop.example.org', to: { role: 'web', index: 0 } },
    { name: 'example.org', to: { role: 'web', index: 0 } },
    { name: 'shop.elsewhere.net', to: { role: 'web', index: 0 } },
  ],
};

interface Given {
  blueprint?: Partial<Blueprint>;
  settings?: Partial<AzureSettings>;
  allowDestroy?: boolean;
  functions?: Answers;
}

export interface Told extends Provisioned {
  declared: readonly Declared[];
  /** The one resource of a type, or of a type and a name */
  one(type: string, name?: string): Declared;
  named(type: string): readonly string[];
  fact(name: string): Promise<{ value: string; secret: boolean }>;
  /** By each function of the cloud that was asked, the provider that it was asked through */
  asked: ReadonlyMap<string, string>;
}

/** What one system comes to on Azure */
export async function onAzure({ blueprint, settings, allowDestroy = false, functions }: Given = {}): Promise<Told> {
  const declared = await recorded(
    'preprod',
    { ...openstackAnswers, ...azureAnswers },
    { ...azureFunctions, ...functions },
  );
  const asked = askedThrough();
  const whole = { ...shop, ...blueprint };
  const provisioned = azure.provision({
    blueprint: whole,
    environment: {
      name: 'preprod',
      operators: { networks: ['198.51.100.0/25', '198.51.100.128/25'], sshPublicKeys: [] },
      systems: {},
      network: '10.64.0.0/20',
      clouds: settings ? { azure: { encryptionAtHost: false, trustedLaunch: true, ...settings } } : {},
    },
    entry: { cloud: 'azure', region: 'westeurope', restartEdge: false, allowDestroy, options: {} },
    secrets: {},
    deployKey: pulumi.output('ssh-ed25519 AAAADEPLOY'),
    parent: new pulumi.ComponentResource('berth:index:System', whole.system),
  });
  await quiet(declared);
  const typed = (type: string) => declared.filter((resource) => resource.type.endsWith(`:${type}`));
  return {
    ...provisioned,
    asked,
    declared,
    named: (type) => typed(type).map(({ name }) => name),
    one(type, name) {
      const found = typed(type).filter((resource) => name === undefined || resource.name === name);
      expect(found, `${type} ${name ?? ''}`).toHaveLength(1);
      return found[0] as Declared;
    },
    fact: (name) => told(provisioned.facts[name] as pulumi.Output<string>),
  };
}

async function told(output: pulumi.Output<string>): Promise<{ value: string; secret: boolean }> {
  const secret = await pulumi.isSecret(output);
  return new Promise((resolve) => output.apply((value) => resolve({ value, secret })));
}

function askedThrough(): Map<string, string> {
  const asked = new Map<string, string>();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const invoke = monitor.invoke.bind(monitor);
  monitor.invoke = (request, done) => {
    asked.set(request.getTok(), request.getProvider());
    return invoke(request, done);
  };
  return asked;
}

/** What is used here of Pulumi's own monitor for tests, whose type it keeps to itself */
interface Monitor {
  invoke(request: { getTok(): string; getProvider(): string }, done: unknown): unknown;
}

/** Until nothing more is declared */
async function quiet(declared: readonly Declared[]): Promise<void> {
  for (let seen = -1; seen < declared.length; ) {
    seen = declared.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
