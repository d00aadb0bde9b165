import type { Host, Provisioned } from '../clouds/cloud.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace } from '../model/cloud.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import { addressFact } from '../model/failover.ts';
import { pinnedImages } from '../model/images.ts';
import { machineFact } from '../model/names.ts';
import { otherNames } from '../model/otherNames.ts';
import { aliasType } from './dnsName.ts';
import { retirement, sshOutputs } from './login.ts';

interface Deployed {
  blueprint: Blueprint;
  environment: Environment;
  entry: SystemEntry;
  face: CloudFace;
}

/** Stack outputs of one system: versions, machines with their addresses and logins, DNS records, buckets, log streams */
export function outputs(
  { blueprint, entry, environment, face }: Deployed,
  { hosts, facts }: Pick<Provisioned, 'hosts' | 'facts'>,
): Record<string, unknown> {
  const scheduleOf = ({ role }: Host) => blueprint.roles[role]?.schedule;
  const fact = (path: string) => facts[path] ?? '';
  const machines = Object.values(hosts).map((host) => [
    host.name,
    {
      role: host.role,
      publicAddress: fact(machineFact(host.role, host.index, 'publicAddress')),
      privateAddress: fact(machineFact(host.role, host.index, 'privateAddress')),
      ssh: sshOutputs(host),
      ...(scheduleOf(host) && { schedule: scheduleOf(host) }),
      // An adopted machine that leaves the stack keeps what berth installed; `pulumi up` prints this command again when
      // it drops one
      ...(!host.resource && { retire: retirement(blueprint.system, host) }),
    },
  ]);
  return {
    cloud: entry.cloud,
    version: blueprint.version,
    ...(!face.capabilities.onThisComputer && { authority: environment.authority }),
    pins: blueprint.pins,
    ...(environment.images && { images: pinnedImages(blueprint, face, environment) }),
    url: blueprint.url,
    ...otherNames(blueprint),
    probe: blueprint.probe,
    machines: Object.fromEntries(machines),
    records: blueprint.records.map(({ name, to }) =>
      'balancer' in to
        ? { name, type: aliasType(name), value: fact(`balancers.${to.balancer}.address`) }
        : {
            name,
            type: blueprint.roles[to.role]?.failover === 'service' ? aliasType(name) : 'A',
            value: fact(addressFact(blueprint, to.role, to.index)),
          },
    ),
    buckets: Object.fromEntries(
      blueprint.buckets.map(({ name }) => [
        name,
        { endpoint: fact(`buckets.${name}.endpoint`), bucket: fact(`buckets.${name}.bucket`) },
      ]),
    ),
    logs: Object.fromEntries(
      blueprint.logStreams.map(({ name }) => [
        name,
        { host: fact(`logStreams.${name}.host`), port: fact(`logStreams.${name}.port`) },
      ]),
    ),
  };
}
