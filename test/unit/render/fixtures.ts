import type { Blueprint, Role, Rule } from '../../../src/model/blueprint.ts';
import type { Container, Process, Service, Source } from '../../../src/model/service.ts';
import type { Definition } from '../../../src/render/definition.ts';
import { definitions } from '../../../src/render/definition.ts';
import type { MachineInput } from '../../../src/render/machine.ts';
import type { Release } from '../../../src/render/releaseFormat.ts';

/** A service with little of its own */
export const container = (own: Partial<Container> = {}): Container => ({
  kind: 'container',
  name: 'app',
  image: 'registry.example/app:1.0.0',
  env: {},
  calls: [],
  mounts: [],
  rollout: 'colours',
  memoryMb: 100,
  cpus: 1,
  user: '10001:0',
  stopSeconds: 10,
  ...own,
});

export const source: Source = {
  repository: 'https://git.example/shop.git',
  revision: '1.0.0',
  packages: ['make'],
  env: { MODE: 'live' },
  build: ['make'],
};

/** A process with little of its own */
export const supervised = (own: Partial<Process> = {}): Process => ({
  kind: 'process',
  name: 'app',
  source,
  command: ['./app'],
  folder: '.',
  env: {},
  portVariable: 'PORT',
  calls: [],
  rollout: 'colours',
  health: { path: '/health', deadlineSeconds: 30 },
  memoryMb: 100,
  stopSeconds: 30,
  ...own,
});

export const role = (own: Partial<Role> = {}): Role => ({
  count: 1,
  size: 'small',
  diskGb: 10,
  address: { kind: 'public' },
  services: [],
  publish: {},
  slot: 0,
  option: 'web',
  ...own,
});

/** Each role with an address block, and with an option of its own */
export const blueprint = ({
  roles = { web: role(), api: role({ count: 2 }) },
  ...own
}: Partial<Blueprint> = {}): Blueprint => ({
  system: 'shop',
  version: '1.0.0',
  url: 'https://shop.example.org',
  probe: { path: '/version' },
  roles: Object.fromEntries(Object.entries(roles).map(([option, one], slot) => [option, { ...one, slot, option }])),
  pins: { version: '1.0.0' },
  rules: [],
  buckets: [],
  logStreams: [],
  caches: [],
  balancers: [],
  records: [],
  ...own,
});

interface Given {
  logins?: MachineInput['logins'];
  services?: readonly Service[];
  rules?: readonly Rule[];
  operators?: readonly string[];
  facts?: Readonly<Record<string, string>>;
  secrets?: Readonly<Record<string, string>>;
  secretFacts?: readonly string[];
  edge?: Role['edge'];
  images?: Readonly<Record<string, string>>;
}

/** A machine of role `web`, beside two of role `api` at 192.0.2.20 and 192.0.2.21 */
export function machineInput(given: Given = {}): MachineInput {
  const web = role({ services: given.services ?? [], ...(given.edge && { edge: given.edge }) });
  const made = blueprint({ roles: { web, api: role({ count: 2 }) }, rules: given.rules ?? [] });
  return {
    blueprint: made,
    role: web,
    machine: { system: 'shop', role: 'web', index: 0 },
    facts: {
      'machines.api.0.privateAddress': '192.0.2.20',
      'machines.api.1.privateAddress': '192.0.2.21',
      ...given.facts,
    },
    secrets: given.secrets ?? {},
    secretFacts: given.secretFacts ?? [],
    operators: { networks: given.operators ?? ['198.51.100.0/24'], sshPublicKeys: ['ssh-ed25519 AAAA ops'] },
    deployKey: 'ssh-ed25519 AAAA deploy',
    user: 'berth',
    images: given.images ?? {},
    plainRegistries: [],
    logins: given.logins ?? {},
    containerRange: '172.30.192.0/18',
    restartEdge: false,
  };
}

/** What a machine reads of its release */
export const releaseIn = (entries: Readonly<Record<string, string>>): Release =>
  JSON.parse(entries['release.json'] ?? '{}') as Release;

export function definitionOf(service: Container): Definition {
  const [definition] = definitions(machineInput({ services: [service] }));
  if (!definition) throw new Error(`no definition of ${service.name}`);
  return definition;
}
