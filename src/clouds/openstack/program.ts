import { Keypair } from '@pulumi/openstack/compute/keypair.js';
import { getImageOutput } from '@pulumi/openstack/images/getImage.js';
import * as pulumi from '@pulumi/pulumi';
import type { Bucket } from '../../model/blueprint.ts';
import { acmeFacts } from '../acme.ts';
import type { MachineCloud, Provisioned, ProvisionRequest } from '../cloud.ts';
import { type PartFacts, s3Bucket, swiftContainer } from './buckets.ts';
import { flavorOf } from './flavor.ts';
import { securityGroups } from './groups.ts';
import { logStreams } from './logStreams.ts';
import { makeMachine } from './machine.ts';
import { placeOf } from './network.ts';
import { zoneRecords } from './records.ts';
import { type Site, siteOf } from './site.ts';

/** OVH Public Cloud: OpenStack's machines, networks and volumes; OVH's object storage, log streams and DNS */
export const openstack: MachineCloud = {
  kind: 'machines',
  provision(request) {
    const site = siteOf(request);
    const machines = makeMachines(request, site);
    const services = servicesOf(request, site);
    const facts = {
      ...acmeFacts(request.environment),
      ...services.facts,
      ...Object.assign({}, ...machines.map(({ facts }) => facts)),
    };
    zoneRecords(request, site, facts);
    return {
      hosts: Object.fromEntries(machines.map(({ host }) => [host.name, host])),
      facts,
      secretFacts: services.secretFacts,
      operatorNetworks: [],
      plainRegistries: [],
    };
  },
};

/** One image, looked up once and kept by each machine from its first day on */
const imageName = 'Debian 13';

function makeMachines(request: ProvisionRequest, site: Site): readonly ReturnType<typeof makeMachine>[] {
  const { system, roles } = request.blueprint;
  const groupOf = securityGroups(request, site);
  const keypair = new Keypair(
    system,
    { name: site.name([]), publicKey: request.deployKey },
    // Names are taken until they are free
    { ...site.openstack, deleteBeforeReplace: true },
  );
  // Of those that the provider publishes: anybody may share an image of this name
  const image = getImageOutput({ name: imageName, visibility: 'public', mostRecent: true }, site.openstack).id;
  const place = placeOf(request, site);
  return Object.entries(roles).flatMap(([name, role]) => {
    const shared = { role, site, place, keypair, image, group: groupOf(name), flavor: flavorOf(name, role, site) };
    return Array.from({ length: role.count }, (_, index) =>
      makeMachine(request, { ...shared, machine: { system, role: name, index } }),
    );
  });
}

/** Buckets and log streams, each fact under the name of its part */
function servicesOf(request: ProvisionRequest, site: Site): Pick<Provisioned, 'facts' | 'secretFacts'> {
  const { buckets, logStreams: streams } = request.blueprint;
  const stream = streams.length > 0 ? logStreams(request, site) : undefined;
  const parts: [string, PartFacts][] = [
    ...buckets.map((bucket): [string, PartFacts] => [`buckets.${bucket.name}`, bucketOf(request, site, bucket)]),
    ...streams.flatMap(({ name }): [string, PartFacts][] => (stream ? [[`logStreams.${name}`, stream(name)]] : [])),
  ];
  const facts = parts.flatMap(([prefix, part]) =>
    Object.entries(part.facts).map(([name, value]): [string, pulumi.Output<string>] => [
      `${prefix}.${name}`,
      part.secrets.includes(name) ? pulumi.secret(value) : pulumi.output(value),
    ]),
  );
  return {
    facts: Object.fromEntries(facts),
    secretFacts: parts.flatMap(([prefix, { secrets }]) => secrets.map((name) => `${prefix}.${name}`)),
  };
}

/** Of the protocols that the bucket's users speak, the first that there is here */
const bucketOf = (request: ProvisionRequest, site: Site, { name, apis }: Bucket): PartFacts =>
  apis.find((api) => api !== 'blob') === 'swift' ? swiftContainer(request, site, name) : s3Bucket(request, site, name);
