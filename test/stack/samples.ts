import { capabilities } from '../../src/clouds/capabilities.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { CloudName, Environment } from '../../src/model/environment.ts';
import { blueprintsOf } from '../../src/model/inPlace.ts';
import { keyPair } from '../../src/plugins/local/keyPair.ts';
import { systems } from '../../src/systems/registry.ts';
import { awsAnswers, awsFunctions } from './answers/aws.ts';
import { azureAnswers, azureFunctions } from './answers/azure.ts';
import { openstackAnswers, openstackFunctions } from './answers/openstack.ts';
import type { Answers } from './recorded.ts';

/** The deploy key that every stack here has */
export const deployKey = keyPair('test').private;

/** What every provider wants to log in, none of it real */
export const credentials = {
  ...{ OS_AUTH_URL: 'https://auth.test/v3', OS_USERNAME: 'user', OS_PASSWORD: 'os-password', OS_PROJECT_ID: 'project' },
  ...{ OVH_CLIENT_ID: 'client', OVH_CLIENT_SECRET: 'ovh-secret' },
  ...{ ARM_SUBSCRIPTION_ID: 'subscription', ARM_TENANT_ID: 'tenant' },
  ...{ ARM_CLIENT_ID: 'client', ARM_CLIENT_SECRET: 'arm-secret' },
  ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'aws-secret' },
};

/** What the providers of real clouds would give */
export const cloudAnswers: Answers = { ...openstackAnswers, ...azureAnswers, ...awsAnswers };
export const cloudFunctions: Answers = { ...openstackFunctions, ...azureFunctions, ...awsFunctions };

export const systemNames = ['basegun', 'lostops', 'mad', 'catalogage'] as const;
export const clouds = ['openstack', 'azure', 'aws', 'existing', 'local'] as const satisfies readonly CloudName[];
export const environments = ['local', 'preprod', 'prod'] as const;
export type SystemName = (typeof systemNames)[number];

const sizes = { openstack: 'b2-7', azure: 'Standard_B2s', aws: 't3.medium', existing: undefined, local: 'small' };
const regions = { openstack: 'GRA7', azure: 'westeurope', aws: 'eu-west-3', existing: undefined, local: undefined };
const certificate = 'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** The options of each system, on machines of the cloud's own or, on `existing`, on those that it names */
function optionsOf(system: SystemName, cloud: CloudName): Record<string, unknown> {
  let address = 10;
  const adopted = () => ({ address: `203.0.113.${address++}`, user: 'debian', hostKey: publicKey });
  const machine = () => (cloud === 'existing' ? { hosts: [adopted()] } : { size: sizes[cloud] });
  const fleet = (count: number) =>
    cloud === 'existing' ? { hosts: Array.from({ length: count }, adopted) } : { count, size: sizes[cloud] };
  const contact = 'ops@example.org';
  switch (system) {
    case 'basegun':
      return { version: '3.3.0', domain: 'basegun.example.org', tls: 'acme', contact, web: machine() };
    case 'lostops':
      return {
        ...{ version: '1.0.0', domain: 'lostops.example.org', contact },
        ...{ app: machine(), database: machine(), monitoring: machine() },
      };
    case 'mad':
      return {
        ...{ version: '1.0.0', contact, domains: { api: 'api.mad.example.org', web: 'mad.example.org' } },
        ...{ api: fleet(2), balancer: machine(), web: fleet(2), client: fleet(2), front: machine() },
        redis: cloud === 'aws' ? { size: 'cache.t4g.micro' } : machine(),
        ...(cloud === 'aws' && { certificate }),
      };
    case 'catalogage':
      return { ref: 'a'.repeat(40), domain: 'catalogage.example.org', tls: 'acme', contact, web: machine() };
  }
}

const settings = {
  openstack: { project: '0123456789abcdef0123456789abcdef', network: 'public', logsService: 'ldp-ab-12345' },
  existing: {
    buckets: { uploads: { endpoint: 'https://s3.example.org', region: 'gra', bucket: 'basegun-uploads' } },
    logStreams: { app: { host: 'logs.example.org' } },
  },
};

export const local = {
  machineImage: 'berth/machine:1',
  receivers: { registry: 'registry:1', objectStore: 'store:1', logReceiver: 'logs:1', acme: 'acme:1' },
  registryData: '/data',
  images: {},
};

/** A stack of one system on one cloud; every secret that it needs is there, each a text that is found again */
export function stackOf(system: SystemName, cloud: CloudName, more: object = {}, own: object = {}): Stack {
  const region = regions[cloud];
  const config = {
    'berth:operators': { networks: ['198.51.100.0/24'], sshPublicKeys: [`${publicKey} ada`] },
    'berth:clouds': settings,
    'berth:systems': { [system]: { cloud, ...(region && { region }), ...optionsOf(system, cloud), ...own } },
    ...(cloud === 'local' && { 'berth:local': local }),
    ...more,
  };
  return { system, cloud, config };
}

export interface Stack {
  system: SystemName;
  cloud: CloudName;
  config: Record<string, unknown>;
}

/** The stack's environment and blueprints, as the program has them */
export function read({ config }: Stack, name: string): { environment: Environment; blueprints: readonly Blueprint[] } {
  const source = `Pulumi.${name}.yaml`;
  const environment = loadEnvironment({ stack: name, config, source }, systems, capabilities, { secrets: 'names' });
  return { environment, blueprints: blueprintsOf(environment, systems, capabilities) };
}

/** With the secrets that the message of a stack without any asks for */
export function withSecrets({ config, ...stack }: Stack): Stack {
  const names: string[] = [];
  try {
    loadEnvironment({ stack: 'preprod', config, source: 'x' }, systems, capabilities);
  } catch (error) {
    const { problems = [] } = error as { problems?: readonly { path: string }[] };
    for (const { path } of problems) names.push(...(/^berth:secrets(?:\.|\["?)([^"\]]+)/.exec(path)?.slice(1) ?? []));
  }
  const secrets = Object.fromEntries(names.map((name) => [name, name === 'deployKey' ? deployKey : sealedText(name)]));
  return { ...stack, config: { ...config, 'berth:secrets': secrets } };
}

/** The text of a secret: long, with every kind of sign, and nowhere else in a program */
export const sealedText = (name: string): string => `Hunter2-${name.replace(/[^A-Za-z]/g, '-')}-0`;
