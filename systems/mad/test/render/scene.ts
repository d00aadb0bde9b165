import type { TestContext } from 'vitest';
import { onMachines } from '../../../../src/model/inPlace.ts';
import { machinesOf } from '../../../../src/model/machines.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { type Container, isContainer } from '../../../../src/model/service.ts';
import { bundle } from '../../../../src/render/bundle.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import { docker, folderOf, least, ownContainer, required, serviceImage } from '../../../../test/render/docker.ts';
import { configOf } from '../../../../test/render/rendered.ts';
import mad from '../../system.ts';

const machine = { size: 'small', diskGb: 10 };
export const secrets = { redisPassword: 'it\'s $5 \\ "a" #pass' };

/** A service of the first machine of a role, with its rendered files; the machines of the API are 127.0.0.2 and up */
export function rendered(role: string, apis = 2): { service: Container; files: Record<string, string> } {
  const options = mad.options.parse({
    version: 'v1.0.0',
    domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
    contact: 'ops@example.org',
    ...{ api: { ...machine, count: apis }, balancer: machine, web: machine, client: machine, redis: machine },
  });
  const environment = {
    name: 'e',
    operators: { networks: [], sshPublicKeys: [] },
    systems: {},
    network: '',
    authority: 'letsencrypt-staging' as const,
    clouds: {},
  };
  const blueprint = planned(
    mad,
    onMachines(mad.blueprint(options, environment), { caches: false, balancers: false }),
    options,
  );
  const found = machinesOf(blueprint).find((one) => one.machine.role === role);
  const service = found?.role.services.find(isContainer);
  if (!found || !service) throw new Error(`no service of ${role}`);
  const needs = machineNeeds(blueprint, found.role, found.machine);
  const place = (name: string) => `127.0.0.${2 + Number(/\.(\d+)\./.exec(name)?.[1] ?? 0)}`;
  const facts = Object.fromEntries(needs.refs.map((name) => [name, place(name)]));
  const input = {
    ...{ blueprint, ...found, facts, secrets: role === 'redis' || role === 'api' ? secrets : {}, secretFacts: [] },
    ...{ operators: environment.operators, deployKey: 'ssh-ed25519 AAAA', user: 'berth' },
    ...{ images: {}, plainRegistries: [], logins: {}, containerRange: '172.30.192.0/18', restartEdge: false },
  };
  const made = bundle(input);
  return { service, files: configOf({ name: role, input, bundle: made, userData: '' }, service.name) };
}

/** Starts a service's image with its files: least rights, no network */
export async function run(
  { service, files }: ReturnType<typeof rendered>,
  words: readonly string[],
  context: TestContext,
  ...options: string[]
) {
  const image = required(await serviceImage(service.image), context);
  const place = [
    '--user',
    service.user,
    '--network',
    'none',
    '--volume',
    `${folderOf(files)}:${service.config?.path}:ro`,
  ];
  return docker('run', ...ownContainer(service.name), ...least, ...place, ...options, image, ...words);
}
