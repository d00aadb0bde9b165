import type { Declaration, DeclaredRole } from '../model/blueprint.ts';
import type { Has } from '../model/inPlace.ts';
import { type MonitoringOptions, monitoringRole } from '../model/monitoring.ts';
import { assemble, type Contribution } from './contribution.ts';
import { grafana } from './grafana.ts';
import { machines } from './machines.ts';
import { machineFigures, nodeExporter } from './metrics.ts';
import { monitoringPages } from './monitoringPages.ts';
import { probedSites } from './probedSites.ts';
import { prometheus } from './prometheus.ts';
import { redisFigures } from './redisFigures.ts';
import { edgeFigures, watchedEdge } from './web.ts';

/**
 * Returns a declaration with a machine that watches all others: each gets a node exporter, each Traefik tells its
 * figures, caches are asked from the machine that watches, and rules let it read them all. Public names are asked as
 * visitors ask them.
 * @param stack name of the environment, for commands in alerts
 * @param has managed services of the cloud; the others run on machines of the system, which are watched as such
 */
export function monitored(declared: Declaration, options: MonitoringOptions, stack: string, has: Has): Declaration {
  const { system, rules, records } = declared;
  const [caches, balancers] = [has.caches ? [] : declared.caches, has.balancers ? [] : declared.balancers];
  const inPlace = [...caches, ...balancers].map(({ name, inItsPlace }) => [name, inItsPlace] as const);
  const others = { ...declared.roles, ...Object.fromEntries(inPlace) };
  const pages = monitoringPages(declared, options);
  const ofCaches = redisFigures(declared, has);
  const parts: readonly Contribution[] = [
    machines(monitoringRole, sized(options, declared), {
      ...{ address: 'reserved', volume: { sizeGb: options.volumeGb } },
    }),
    pages,
    prometheus({
      ...{ system, stack, role: monitoringRole, url: pages.url.prometheus, alertsUrl: pages.url.alerts },
      exporters: [...exportersOf(others, declared), ...(ofCaches.exporters ?? []), machineFigures(monitoringRole, 1)],
      sites: [...probedSites(system, others, has.balancers ? declared.balancers : []), ...pages.sites],
      ...{ alerts: options.alerts, hours: hoursOf(others) },
      ...{ retentionDays: options.retentionDays, volumeGb: options.volumeGb },
    }),
    grafana({ role: monitoringRole, url: pages.url.grafana }),
    ofCaches,
    { roles: { [monitoringRole]: { services: [nodeExporter('by services')] } } },
  ];
  const own = assemble(declared, parts);
  const watchedInPlace = <Managed extends { inItsPlace: DeclaredRole }>(managed: Managed): Managed => ({
    ...managed,
    inItsPlace: watched(managed.inItsPlace),
  });
  return {
    ...declared,
    roles: {
      ...Object.fromEntries(Object.entries(declared.roles).map(([name, role]) => [name, watched(role)])),
      ...own.roles,
    },
    rules: [...rules, ...own.rules],
    records: [...records, ...own.records],
    caches: has.caches ? declared.caches : declared.caches.map(watchedInPlace),
    balancers: has.balancers ? declared.balancers : declared.balancers.map(watchedInPlace),
  };
}

/** A system asks for it by a word where its machines are all of one size */
function sized(options: MonitoringOptions, { roles }: Declaration): MonitoringOptions {
  const size = options.size ?? Object.values(roles).find((role) => role.size !== undefined)?.size;
  // A cloud that makes no machines names those that it adopts
  return { ...options, ...(size !== undefined && { size }) };
}

const watched = ({ edge, services, ...role }: DeclaredRole): DeclaredRole => ({
  ...role,
  ...(edge && { edge: watchedEdge(edge) }),
  services: [...services, nodeExporter('by machines')],
});

const exportersOf = (roles: Readonly<Record<string, DeclaredRole>>, { exporters = [] }: Declaration) => [
  ...Object.entries(roles).map(([role, { count }]) => machineFigures(role, count)),
  ...exporters,
  ...Object.entries(roles).flatMap(([role, { edge, count }]) => (edge ? edgeFigures(edge, role, count) : [])),
];

/** The hours of the roles that have some: nobody is told that their machines are off meanwhile */
const hoursOf = (roles: Readonly<Record<string, DeclaredRole>>) =>
  Object.fromEntries(Object.entries(roles).flatMap(([role, { schedule }]) => (schedule ? [[role, schedule]] : [])));
