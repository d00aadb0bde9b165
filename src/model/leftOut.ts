import type { Blueprint, LeftOut, Role } from './blueprint.ts';
import type { Service } from './service.ts';

/**
 * The blueprint without the services whose image cannot be had, without the routes to them and the calls of them, and
 * with the list of what is missing
 * @param reasons why not, by the image's repository
 */
export function withoutImages(blueprint: Blueprint, reasons: Readonly<Record<string, string>>): Blueprint {
  const reasonOf = (service: Service) =>
    service.kind === 'container' ? reasons[repositoryOf(service.image)] : undefined;
  const leftOut = Object.entries(blueprint.roles).flatMap(([role, { services }]): readonly LeftOut[] =>
    services.flatMap((service) => {
      const reason = reasonOf(service);
      return reason === undefined ? [] : [{ role, service: service.name, reason }];
    }),
  );
  if (leftOut.length === 0) return blueprint;
  const roles = Object.entries(blueprint.roles).map(([name, role]) => [
    name,
    without(role, new Set(leftOut.filter((one) => one.role === name).map(({ service }) => service))),
  ]);
  return { ...blueprint, roles: Object.fromEntries(roles), leftOut };
}

function without(role: Role, gone: ReadonlySet<string>): Role {
  if (gone.size === 0) return role;
  const { edge } = role;
  return {
    ...role,
    ...(edge && { edge: { ...edge, routes: edge.routes.filter(({ service }) => !gone.has(service)) } }),
    services: role.services
      .filter(({ name }) => !gone.has(name))
      .map((service) => ({ ...service, calls: service.calls.filter((name) => !gone.has(name)) })),
  };
}

/** An image's reference without its tag or digest */
const repositoryOf = (reference: string): string => reference.replace(/(?::[^/:@]+)?(?:@.*)?$/, '');
