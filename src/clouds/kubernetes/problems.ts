import { pathText } from '../../config/path.ts';
import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { isPublic } from '../../model/inCluster.ts';
import { isProgram } from '../../model/job.ts';
import { monitoringRole } from '../../model/monitoring.ts';
import type { Problem } from '../../model/problem.ts';
import { isContainer } from '../../model/service.ts';
import { cronFrom } from '../../render/cluster/cron.ts';
import { hasMembers } from '../../render/cluster/input.ts';
import { streams } from '../../render/cluster/streaming.ts';
import { notGiven } from '../given/checks.ts';
import { gatewayRefusals } from './gateway.ts';
import { at, settingsOf } from './settings.ts';

/** Returns what a system asks for that the pods of a cluster can't have, each with the reason and the way */
export const problems = (blueprint: Blueprint, environment: Environment): readonly Problem[] => [
  ...notGiven('kubernetes', blueprint, environment.clouds.kubernetes),
  ...withoutCertificates(blueprint, environment),
  ...gatewayRefusals(blueprint, environment),
  ...watched(blueprint),
  ...Object.entries(blueprint.roles).flatMap(([name, role]) =>
    name === monitoringRole
      ? []
      : [...ofRole(blueprint.system, role, environment), ...scaledMembers(blueprint, name, role)],
  ),
];

/** Others call a member by its name, or it has data of its own: the cluster can't add or remove one by itself */
const scaledMembers = (blueprint: Blueprint, name: string, role: Role): readonly Problem[] =>
  role.scaling && hasMembers(blueprint, name, role)
    ? [
        {
          path: pathText(['berth:systems', blueprint.system, role.option, 'replicas']),
          message: `follows the load, and the pods of ${name} have names that others call, or data of their own`,
          allowed: 'one number, or count',
          fix: `write one number`,
        },
      ]
    : [];

function withoutCertificates({ system, roles, balancers }: Blueprint, { clouds }: Environment): readonly Problem[] {
  const { issuer, certResolver, gateway } = settingsOf(clouds.kubernetes);
  const edges = [...Object.values(roles), ...balancers.map(({ inItsPlace }) => inItsPlace)].flatMap(
    ({ edge }) => edge ?? [],
  );
  // A gateway has the certificates itself
  const given = [issuer, certResolver, gateway].some((one) => one !== undefined);
  if (given || !edges.some(({ tls }) => tls.kind === 'acme')) return [];
  return [
    {
      path: at('issuer'),
      message: `is missing: the names of ${system} get their certificates from an authority, which the cluster asks`,
      allowed:
        "issuer: a ClusterIssuer of cert-manager, or certResolver: a certificate resolver of the ingress's Traefik",
      fix: 'name the one that the cluster has',
    },
  ];
}

const watched = ({ system, roles }: Blueprint): readonly Problem[] =>
  monitoringRole in roles
    ? [
        {
          path: pathText(['berth:systems', system, 'monitoring']),
          message: 'watches machines by an exporter on each, and a cluster has none of them',
          allowed: "no monitoring: the cluster's own watches its pods",
          fix: 'remove it',
        },
      ]
    : [];

function ofRole(system: string, role: Role, environment: Environment): readonly Problem[] {
  const path = pathText(['berth:systems', system, role.option]);
  const { jobs = [], services, edge } = role;
  const containers = services.filter(isContainer);
  const steps = jobs.flatMap((job) => job.steps.map((step) => ({ job, step })));
  const because = (found: boolean, message: string, fix: string): readonly Problem[] =>
    found ? [{ path, message, fix }] : [];
  const programs = [
    ...services.filter((one) => !isContainer(one)).map(({ name }) => name),
    ...steps.filter(({ step }) => isProgram(step)).map(({ job }) => job.name),
  ];
  const rooted = [
    ...containers,
    ...steps.flatMap(({ step, job }) => (isProgram(step) ? [] : [{ ...step, name: job.name }])),
  ]
    .filter(({ user }) => !/^[1-9]\d*(?::\d+)?$/.test(user))
    .map(({ name }) => name);
  const ports = containers.flatMap(({ port }) => port ?? []);
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  const onHost = containers.filter(({ mounts }) => mounts.some(({ kind }) => kind === 'host')).map(({ name }) => name);
  // What starts a step at its turn starts it by its own words
  const unnamed = jobs
    .filter(({ steps }) => steps.some(streams) && steps.some((step) => !('entrypoint' in step)))
    .map(({ name }) => name);
  const unsaid = jobs.flatMap(({ when }) =>
    'calendar' in when && cronFrom(when.calendar) === undefined ? [when.calendar] : [],
  );
  const redirecting = isPublic(edge) && (edge.redirects ?? []).length > 0;
  const routes = edge?.routes ?? [];
  const stripping = routes.some(({ strip }) => strip);
  const { ingressClass, gateway } = settingsOf(environment.clouds.kubernetes);
  return [
    ...because(
      programs.length > 0,
      `runs ${[...new Set(programs)].join(', ')} from a git commit, and a pod runs images`,
      'choose a cloud of machines, or name images: with the same build, where the system offers that',
    ),
    ...because(
      rooted.length > 0,
      `runs ${[...new Set(rooted)].join(', ')} as root, which the namespace refuses (Pod Security restricted)`,
      'give the container a numeric user other than 0',
    ),
    ...because(
      twice !== undefined,
      `has two containers that listen on port ${twice}, and the containers of a pod share their ports`,
      'let one of them listen on another port',
    ),
    ...because(
      onHost.length > 0,
      `runs ${onHost.join(', ')}, which reads folders of its machine, and a pod may not (Pod Security restricted)`,
      "leave it out: the cluster's own exporters read them",
    ),
    ...because(
      unnamed.length > 0,
      `has the jobs ${unnamed.join(', ')}, of whose steps some run together, and one of them names no program`,
      'give each step its entrypoint',
    ),
    ...because(
      unsaid.length > 0,
      `has a job at ${unsaid.join(', ')}, which a CronJob can't say`,
      'write a calendar such as *-*-* 03:00, or Mon *-*-* 03:00',
    ),
    ...because(
      redirecting && !gateway && !/nginx/.test(ingressClass),
      `has names that redirect (redirectFrom), and an Ingress of class ${ingressClass} can't say so`,
      'let them answer as the first one does (alsoAt), or name an ingress-nginx by ingressClass, or a gateway',
    ),
    ...because(
      stripping && !gateway,
      "has routes that strip their prefix, and an Ingress can't say so",
      'let the application do it, or name a gateway',
    ),
    ...because(
      routes.some(({ users }) => users),
      'has routes that ask for a password, and neither an Ingress nor a gateway can say so',
      'let the application do it',
    ),
  ];
}
