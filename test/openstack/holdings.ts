import { z } from 'zod';
import type { Api, Service } from './api.ts';

const lists = {
  keypairs: ['compute', '/os-keypairs'],
  volumes: ['block-storage', '/volumes'],
  networks: ['network', '/v2.0/networks?shared=false'],
  routers: ['network', '/v2.0/routers'],
  ports: ['network', '/v2.0/ports'],
  floatingips: ['network', '/v2.0/floatingips'],
  security_groups: ['network', '/v2.0/security-groups'],
  containers: ['object-store', '?format=json'],
} as const satisfies Record<string, readonly [Service, string]>;

const named = z.object({ name: z.string().optional(), floating_ip_address: z.string().optional() });
const entry = z.union([z.object({ keypair: named }).transform(({ keypair }) => keypair), named]);

/** Returns what a project has, as `kind name`, but for the security group that every project has from the start */
export async function holdings(api: Api): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(lists).map(async ([kind, [service, path]]) => {
      return z
        .array(entry)
        .parse(listed(kind, await api.get(service, path)))
        .map(({ name, floating_ip_address: address }) => `${kind} ${address ?? name}`);
    }),
  );
  const servers = Object.keys(await serversOf(api)).map((name) => `servers ${name}`);
  return [...found.flat(), ...servers].filter((line) => line !== 'security_groups default').sort();
}

/** Most services name what they list; Swift doesn't */
const listed = (kind: string, answer: unknown): unknown =>
  Array.isArray(answer) ? answer : z.record(z.string(), z.unknown()).parse(answer)[kind];

const servers = z.object({
  servers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      status: z.string(),
      flavor: z.object({ original_name: z.string() }),
      'os-extended-volumes:volumes_attached': z.array(z.object({ id: z.string() })),
    }),
  ),
});

export interface Server {
  id: string;
  status: string;
  size: string;
  /** Ids of attached volumes */
  volumes: readonly string[];
}

/**
 * Returns a project's servers by name. Nova tells DELETED, for which the provider waits, before it takes a server from its
 * list: such a server is gone.
 */
export async function serversOf(api: Api): Promise<Readonly<Record<string, Server>>> {
  const { servers: found } = servers.parse(await api.get('compute', '/servers/detail'));
  return Object.fromEntries(
    found
      .filter(({ status }) => status !== 'DELETED')
      .map((server) => [
        server.name,
        {
          ...{ id: server.id, status: server.status, size: server.flavor.original_name },
          volumes: server['os-extended-volumes:volumes_attached'].map(({ id }) => id),
        },
      ]),
  );
}

const volumes = z.object({ volumes: z.array(z.object({ id: z.string(), name: z.string(), size: z.number() })) });

/** Returns a project's volumes by name */
export async function volumesOf(api: Api): Promise<Readonly<Record<string, { id: string; size: number }>>> {
  const { volumes: found } = volumes.parse(await api.get('block-storage', '/volumes/detail'));
  return Object.fromEntries(found.map(({ id, name, size }) => [name, { id, size }]));
}
