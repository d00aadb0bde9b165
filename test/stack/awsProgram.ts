import * as pulumi from '@pulumi/pulumi';
import { aws } from '../../src/clouds/aws/program.ts';
import { rehearsal } from '../../src/clouds/aws/rehearsal.ts';
import type { Provisioned } from '../../src/clouds/cloud.ts';
import type { Blueprint, Role } from '../../src/model/blueprint.ts';
import type { Environment, SystemEntry } from '../../src/model/environment.ts';
import { ref } from '../../src/model/value.ts';
import type { LaterAnswers } from '../../src/policy/answers.ts';
import { type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { answers } from './samples.ts';
import { requestOf, roleOf, view as viewOf } from './shop.ts';

/** Whatever a test says of a system on AWS beside what the sample says */
export interface Sample {
  blueprint?: Partial<Blueprint>;
  environment?: Partial<Environment>;
  entry?: Partial<SystemEntry>;
  secrets?: Record<string, string>;
  /** What AWS answers of resources, and its functions */
  answers?: LaterAnswers;
  functions?: LaterAnswers;
  deployKey?: string;
}

const role = (given: Partial<Role>): Role => roleOf('t3.micro')({ diskGb: 12, address: { kind: 'public' }, ...given });

const shipper = {
  kind: 'container',
  name: 'filebeat',
  image: 'filebeat:1',
  env: { HOST: ref('logStreams.app.host') },
  calls: [],
  mounts: [],
  rollout: 'replace',
  memoryMb: 1,
  cpus: 1,
  user: '1:1',
  stopSeconds: 1,
} as const;

/** A system with everything that AWS has */
export const sample: Blueprint = {
  system: 'shop',
  version: '1.0.0',
  url: 'https://shop.example.org',
  probe: { path: '/' },
  pins: { version: '1.0.0' },
  roles: {
    web: role({ count: 2, services: [shipper] }),
    gate: role({ slot: 1, address: { kind: 'reserved', adopt: '198.51.100.7' } }),
    database: role({ slot: 2, address: { kind: 'reserved' }, volume: { sizeGb: 40 } }),
    office: role({
      slot: 3,
      count: 2,
      schedule: { days: ['mon', 'fri'], start: '08:30', stop: '19:05', zone: 'Europe/Paris' },
    }),
  },
  rules: [
    { from: 'internet', to: 'front', port: 443, protocol: 'tcp', why: "users open the shop's pages" },
    { from: { role: 'front' }, to: 'web', port: 8080, protocol: 'tcp', why: 'the balancer spreads requests' },
    { from: { role: 'web' }, to: 'database', port: 3306, protocol: 'tcp', why: 'orders are stored' },
    { from: { role: 'web' }, to: 'sessions', port: 6379, protocol: 'tcp', why: 'sessions are shared' },
    { from: 'operators', to: 'web', port: 22, protocol: 'tcp', why: 'operators log in' },
  ],
  buckets: [{ name: 'uploads', apis: ['s3'] }],
  logStreams: [{ name: 'app' }],
  caches: [{ name: 'sessions', password: 'sessionsPassword', inItsPlace: role({ count: 2, size: 'cache.t4g.micro' }) }],
  balancers: [
    {
      name: 'front',
      domain: 'shop.example.org',
      role: 'web',
      port: 8080,
      healthPath: '/health',
      sticky: true,
      certificate: 'arn:aws:acm:eu-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012',
      inItsPlace: role({}),
    },
  ],
  records: [
    { name: 'shop.example.org', to: { balancer: 'front' } },
    { name: 'db.example.org', to: { role: 'database', index: 0 } },
    { name: 'shop.example.com', to: { balancer: 'front' } },
  ],
};

export const secretTexts = {
  sessionsPassword: 'the-session-password',
  appPassword: 'The-l0g-password',
};

/** What a system declares on AWS, with a release for each of its machines */
export async function declaredOnAws(
  given: Sample = {},
): Promise<{ declared: DeclaredResource[]; provisioned: Provisioned }> {
  const declared = await recorded('preprod', { ...answers, ...given.answers }, given.functions ?? rehearsal.functions);
  const blueprint = { ...sample, ...given.blueprint };
  const secrets = Object.entries({ ...secretTexts, ...given.secrets });
  const provisioned = aws.provision(
    requestOf('aws', blueprint, {
      environment: {
        operators: { networks: ['192.0.2.0/24', '198.51.100.64/26'], sshPublicKeys: [] },
        clouds: { aws: { dnsZone: 'example.org' } },
        ...given.environment,
      },
      entry: given.entry ?? {},
      ...(given.deployKey && { deployKey: given.deployKey }),
      secrets: Object.fromEntries(secrets.map(([name, text]) => [name, pulumi.secret(text)])),
    }),
  );
  for (const name of Object.keys(provisioned.hosts)) {
    provisioned.afterRelease?.(name, new Release('test:index:Release', name));
  }
  await pulumi.runtime.disconnect();
  return { declared, provisioned };
}

class Release extends pulumi.CustomResource {}

/** What was declared of a type of AWS's resources, with what they say in JSON and in the order of their making */
export function view(declared: readonly DeclaredResource[]) {
  const { typed, one, named: names } = viewOf(declared);
  const inputs = (type: string, name: string) => one(type, name).inputs;
  return {
    typed,
    one,
    inputs,
    names,
    statements: (type: string, name: string): readonly PolicyStatement[] =>
      (JSON.parse(String(inputs(type, name).policy)) as { Statement: PolicyStatement[] }).Statement,
    /** The types and names of what it waits for */
    waitsFor: (type: string, name: string) =>
      one(type, name).options.dependsOn.map((urn) => urn.split('::').slice(-2).join(' ').replace(/^.*\$/, '')),
  };
}

interface PolicyStatement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Principal?: unknown;
  Condition?: unknown;
}
