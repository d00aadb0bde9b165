import type { Blueprint, Role } from '../model/blueprint.ts';
import type { Clouds } from '../model/cloud.ts';
import type { Environment } from '../model/environment.ts';
import { portText } from '../model/failover.ts';
import type { Job } from '../model/job.ts';
import { type Party, type Reach, reachability } from '../model/matrix.ts';
import { machineName } from '../model/names.ts';
import { needsOf } from '../model/value.ts';

/** A diagram of a stack as plain data, from which a text or a picture is made */
export interface Drawing {
  /** Parties outside all systems */
  outside: readonly Box[];
  systems: readonly { id: string; title: string; boxes: readonly Box[] }[];
  arrows: readonly Arrow[];
}

export interface Box {
  id: string;
  /** `part`: a resource of the cloud, such as a bucket or a balancer */
  kind: 'outside' | 'machines' | 'part';
  title: string;
  /** Contents, one per line */
  lines: readonly string[];
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  /** `reaches`: a rule allows the connection; `uses`: the connection goes to an endpoint of the cloud */
  kind: 'reaches' | 'uses';
}

/**
 * Returns the diagram of a stack's networks, machines, services and allowed connections, from its environment file
 * alone
 */
export function drawing(environment: Environment, blueprints: readonly Blueprint[], clouds: Clouds): Drawing {
  const reached = blueprints.flatMap((blueprint) => reachability(blueprint, environment.operators));
  return {
    outside: distinct(reached.flatMap(({ from }) => (from.kind === 'role' ? [] : [outsider(from)]))),
    systems: blueprints.map((blueprint) => systemOf(blueprint, environment, clouds)),
    arrows: [...joined(reached), ...blueprints.flatMap(uses)],
  };
}

function systemOf(blueprint: Blueprint, environment: Environment, clouds: Clouds): Drawing['systems'][number] {
  const { system, version, roles, caches, balancers, buckets, logStreams } = blueprint;
  const { cloud = '', region } = environment.systems[system] ?? {};
  const where = [cloud, region, clouds[cloud]?.network?.(environment)].filter(Boolean).join(', ');
  const shortVersion = version.replace(/^([0-9a-f]{8})[0-9a-f]{32}$/, '$1…');
  const part = (id: string, title: string): Box => ({ id: `${system}-${id}`, kind: 'part', title, lines: [] });
  return {
    id: system,
    title: `${system} ${shortVersion} on ${where}`,
    boxes: [
      ...Object.entries(roles).map(([name, role]) =>
        machinesBox(system, name, role, clouds[cloud]?.capabilities.cluster),
      ),
      // Rules name balancers and caches as they name roles
      ...balancers.map(({ name }) => part(name, `balancer ${name}`)),
      ...caches.map(({ name }) => part(name, `cache ${name}`)),
      ...buckets.map(({ name }) => part(`buckets.${name}`, `bucket ${name}`)),
      ...logStreams.map(({ name }) => part(`logStreams.${name}`, `log stream ${name}`)),
    ],
  };
}

function machinesBox(
  system: string,
  name: string,
  { count, size, volume, edge, services, jobs = [] }: Role,
  cluster = false,
): Box {
  const first = machineName({ system, role: name, index: 0 });
  const pods = `${name}, ${count} ${count === 1 ? 'pod' : 'pods'}`;
  const title = cluster ? pods : count === 1 ? first : `${first} … ${count - 1}`;
  const routes = (edge?.routes ?? []).map(
    (route) => `${edge?.kind}: ${route.domain ?? ''}${route.prefix} → ${route.service}`,
  );
  const redirects = (edge?.redirects ?? []).map(({ from, to }) => `${edge?.kind}: ${from} → ${to}`);
  return {
    id: `${system}-${name}`,
    kind: 'machines',
    title: [title, size].filter(Boolean).join(', '),
    lines: [
      ...routes,
      ...redirects,
      ...services.map((service) => service.name),
      ...jobs.map(({ name, when }) => `job ${name}, ${whenOf(when)}`),
      ...(volume ? [`data disk, ${volume.sizeGb} GB`] : []),
    ],
  };
}

/** Returns when a job runs, for people */
export function whenOf(when: Job['when']): string {
  if ('release' in when) return 'at each release';
  return 'calendar' in when ? `${when.calendar} ${when.zone}` : 'when asked';
}

function outsider(party: Exclude<Party, { kind: 'role' }>): Box {
  const lines = party.kind === 'internet' ? [] : party.networks;
  const title = party.kind === 'networks' ? party.name : party.kind;
  return { id: `outside-${title}`, kind: 'outside', title, lines };
}

/** Merges all ports between two boxes into one arrow */
function joined(reached: readonly Reach[]): readonly Arrow[] {
  const ports = new Map<string, { arrow: Omit<Arrow, 'label'>; ports: Set<string> }>();
  for (const { system, from, to, port, protocol } of reached) {
    const source = from.kind === 'role' ? `${system}-${from.role}` : outsider(from).id;
    const arrow = { from: source, to: `${system}-${to.role}`, kind: 'reaches' } as const;
    const key = `${arrow.from} ${arrow.to}`;
    const seen = ports.get(key) ?? { arrow, ports: new Set() };
    ports.set(key, { arrow, ports: seen.ports.add(protocol === 'tcp' ? `${port}` : portText({ port, protocol })) });
  }
  return [...ports.values()].map(({ arrow, ports }) => ({ ...arrow, label: [...ports].join(', ') }));
}

/** Arrows to the buckets and log streams whose facts a role's services and jobs refer to */
function uses({ system, roles }: Blueprint): readonly Arrow[] {
  return Object.entries(roles).flatMap(([role, { services, jobs = [] }]) => {
    const parts = needsOf([services, jobs]).refs.flatMap(
      (name) => /^(?:buckets|logStreams)\.[^.]+/.exec(name)?.[0] ?? [],
    );
    return [...new Set(parts)].map(
      (part): Arrow => ({
        from: `${system}-${role}`,
        to: `${system}-${part}`,
        label: '',
        kind: 'uses',
      }),
    );
  });
}

const distinct = (boxes: readonly Box[]): readonly Box[] => [...new Map(boxes.map((box) => [box.id, box])).values()];
