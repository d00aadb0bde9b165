import { systems } from 'berth:systems';
import type { LocalSettings } from '../../src/clouds/local/prepared.ts';
import { clouds as registry } from '../../src/clouds/registry.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import { keyPair } from '../../src/keyPair.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { Environment } from '../../src/model/environment.ts';
import { answersOf, credentialsOf, functionsOf } from '../../src/policy/answers.ts';
import { secretText } from '../../src/policy/madeUp.ts';

/** What the providers of every cloud want to log in with, and what they and their functions would answer */
export const credentials = credentialsOf(registry);
export const answers = answersOf(registry);
export const functions = functionsOf(registry);

/** What scanners ask of the resources of every cloud */
export const policies = Object.values(registry).flatMap((cloud) => cloud.policies);

/** What the set-up of local machines writes beside a stack's own file */
export const localSettings = registry.local?.rehearsal.prepared as LocalSettings;

/** The deploy key that every stack here has */
export const deployKey = keyPair('test').private;

export const systemNames = ['basegun', 'lostops', 'mad', 'catalogage'] as const;
/** Those of machines */
export const clouds = ['openstack', 'azure', 'aws', 'existing', 'local'] as const;
export type MachineCloudName = (typeof clouds)[number];
export type CloudName = MachineCloudName | 'kubernetes';
export const environments = ['local', 'preprod', 'prod'] as const;
export type SystemName = (typeof systemNames)[number];

const sizes = {
  openstack: 'b2-7',
  azure: 'Standard_B2s',
  aws: 't3.medium',
  existing: undefined,
  local: 'small',
  kubernetes: undefined,
};
const regions = {
  openstack: 'GRA7',
  azure: 'westeurope',
  aws: 'eu-west-3',
  existing: undefined,
  local: undefined,
  kubernetes: undefined,
};
const certificate = 'arn:aws:acm:eu-west-3:210987654321:certificate/12345678-1234-1234-1234-210987654321';
const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/';

/** The options of each system, on machines of the cloud's own or, on `existing`, on those that it names */
function optionsOf(system: SystemName, cloud: CloudName): Record<string, unknown> {
  let address = 10;
  const sized = () => (sizes[cloud] === undefined ? {} : { size: sizes[cloud] });
  const adopted = () => {
    const last = address++;
    const addresses = { address: `100.64.2.${last}`, privateAddress: `10.20.0.${last}` };
    return { ...addresses, user: 'debian', hostKey: publicKey };
  };
  const machine = () => (cloud === 'existing' ? { hosts: [adopted()] } : sized());
  const fleet = (count: number) =>
    cloud === 'existing' ? { hosts: Array.from({ length: count }, adopted) } : { count, ...sized() };
  const contact = 'ops@berth.test';
  // What the application asks for besides, as its file names it
  const env = { MAIL_PASSWORD: { secret: 'mailPassword' }, http_proxy: 'http://proxy.berth.test:3128' };
  switch (system) {
    case 'basegun':
      return { version: '3.3.0', domain: 'basegun.berth.test', tls: 'acme', contact, env, web: machine() };
    case 'lostops':
      return {
        ...{ version: '1.0.0', domain: 'lostops.berth.test', contact, env },
        ...{ app: machine(), database: machine(), ...(cloud !== 'kubernetes' && { monitoring: machine() }) },
      };
    case 'mad':
      return {
        ...{
          version: '1.0.0',
          contact,
          env: { api: env },
          domains: { api: 'api.mad.berth.test', web: 'mad.berth.test' },
        },
        ...{ api: fleet(2), balancer: machine(), web: fleet(2), client: fleet(2), front: machine() },
        redis: cloud === 'aws' ? { size: 'cache.t4g.micro' } : machine(),
        ...(cloud === 'aws' && { certificate }),
      };
    case 'catalogage':
      return { ref: 'a'.repeat(40), domain: 'catalogage.berth.test', tls: 'acme', contact, env, web: machine() };
  }
}

export const given = {
  buckets: { uploads: { endpoint: 'https://s3.berth.test', region: 'gra', bucket: 'basegun-uploads' } },
  logStreams: { app: { host: 'logs.berth.test' } },
};

/** Systems of several kinds of machines need a network that is theirs alone */
const settingsOf = (system: SystemName) => ({
  openstack: {
    ...{ project: '6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7', logsService: 'ldp-gr-10001' },
    network: system === 'basegun' || system === 'catalogage' ? 'public' : 'private',
  },
  existing: given,
  kubernetes: { issuer: 'letsencrypt', ...given },
});

/** A stack of one system on one cloud; every secret that it needs is there, each a text that is found again */
export function stackOf(system: SystemName, cloud: CloudName, more: object = {}, own: object = {}): Stack {
  const region = regions[cloud];
  const config = {
    'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [`${publicKey} ada`] },
    'berth:clouds': settingsOf(system),
    'berth:systems': { [system]: { cloud, ...(region && { region }), ...optionsOf(system, cloud), ...own } },
    ...(cloud === 'local' && { 'berth:local': localSettings }),
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
  return loadEnvironment({ stack: name, config, source }, systems, registry, { secrets: 'names' });
}

/** With the secrets that the message of a stack without any asks for */
export function withSecrets({ config, ...stack }: Stack): Stack {
  const names: string[] = [];
  try {
    loadEnvironment({ stack: 'preprod', config, source: 'x' }, systems, registry);
  } catch (error) {
    const { problems = [] } = error as { problems?: readonly { path: string }[] };
    for (const { path } of problems) names.push(...(/^berth:secrets(?:\.|\["?)([^"\]]+)/.exec(path)?.slice(1) ?? []));
  }
  const secrets = Object.fromEntries(names.map((name) => [name, name === 'deployKey' ? deployKey : secretText(name)]));
  return { ...stack, config: { ...config, 'berth:secrets': secrets } };
}
