import * as pulumi from '@pulumi/pulumi';
import { expect } from 'vitest';
import type { ProvisionRequest } from '../../src/clouds/cloud.ts';
import { nothingStands } from '../../src/clouds/standing.ts';
import type { Blueprint, Role, Rule } from '../../src/model/blueprint.ts';
import type { Environment, SystemEntry } from '../../src/model/environment.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { environment } from '../environment.ts';
import { role } from '../unit/render/fixtures.ts';

/** A role of one machine with little of its own, in a cloud's own size */
export const roleOf =
  (size: string) =>
  (extra: Partial<Role> = {}): Role =>
    role({ size, address: { kind: 'reserved' }, ...extra });

export const rule = (from: Rule['from'], to: string, port: number, why = 'because it is so'): Rule => ({
  ...{ from, to, port, why },
  protocol: 'tcp',
});

/** A small system, to which each cloud's tests add the roles and buckets that it can have */
export const shop: Blueprint = {
  system: 'shop',
  version: '1.0.0',
  url: 'https://shop.example.org',
  probe: { path: '/' },
  roles: {},
  pins: { version: '1.0.0' },
  rules: [
    rule('internet', 'web', 443, 'customers'),
    rule('operators', 'web', 22, 'operators of web'),
    rule('operators', 'database', 22, 'operators of database'),
    rule({ role: 'web' }, 'database', 3306, 'orders'),
    rule({ networks: ['192.0.2.0/28', '192.0.2.32/28'], name: 'gateway' }, 'web', 80, 'the gateway'),
  ],
  buckets: [],
  logStreams: [{ name: 'app' }],
  caches: [],
  balancers: [],
  records: [
    { name: 'shop.example.org', to: { role: 'web', index: 0 } },
    { name: 'example.org', to: { role: 'web', index: 0 } },
    { name: 'shop.elsewhere.net', to: { role: 'web', index: 0 } },
  ],
};

const regions: Readonly<Record<string, string>> = { openstack: 'GRA7', azure: 'westeurope', aws: 'eu-west-2' };

/** What a request says beside its blueprint, where a test wants it to */
export interface Own {
  environment?: Partial<Environment>;
  entry?: Partial<SystemEntry>;
  secrets?: ProvisionRequest['secrets'];
  deployKey?: string;
}

/** What a cloud is asked for in tests */
export const requestOf = (cloud: string, blueprint: Blueprint, own: Own = {}): ProvisionRequest => ({
  blueprint,
  environment: {
    ...environment,
    operators: { networks: ['198.51.100.0/25', '198.51.100.128/25'], sshPublicKeys: [] },
    ...own.environment,
  },
  entry: {
    ...{ cloud, restartEdge: false, allowDestroy: false, options: {} },
    ...(regions[cloud] && { region: regions[cloud] }),
    ...own.entry,
  },
  secrets: own.secrets ?? {},
  deployKey: pulumi.output(own.deployKey ?? 'ssh-ed25519 AAAADEPLOY'),
  standing: nothingStands,
  parent: new pulumi.ComponentResource('berth:index:System', blueprint.system),
});

/** What was declared, by the end of its type */
export function view(declared: readonly DeclaredResource[]) {
  const typed = (type: string) => declared.filter((resource) => resource.type.endsWith(`:${type}`));
  return {
    typed,
    named: (type: string): string[] => typed(type).map(({ name }) => name),
    /** The one resource of a type, or of a type and a name */
    one(type: string, name?: string): DeclaredResource {
      const found = typed(type).filter((resource) => name === undefined || resource.name === name);
      expect(found, `${type} ${name ?? ''}`).toHaveLength(1);
      return found[0] as DeclaredResource;
    },
  };
}

/** An output, once it is known */
export async function told(output: pulumi.Output<string> | undefined): Promise<{ value: string; secret: boolean }> {
  if (!output) throw new Error('there is no such output');
  const secret = await pulumi.isSecret(output);
  return new Promise((resolve) => output.apply((value) => resolve({ value, secret })));
}
