import * as pulumi from '@pulumi/pulumi';
import type { Provisioned } from '../../src/clouds/cloud.ts';
import { openstack } from '../../src/clouds/openstack/program.ts';
import { rehearsal } from '../../src/clouds/openstack/rehearsal.ts';
import type { OpenstackSettings } from '../../src/clouds/openstack/settings.ts';
import { nothingStands } from '../../src/clouds/standing.ts';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { Environment } from '../../src/model/environment.ts';
import { type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { answers } from './samples.ts';
import { shop as common, requestOf, roleOf, told, view } from './shop.ts';

export const role = roleOf('s1-2');

/** A system with everything that OpenStack and OVH have */
export const shop: Blueprint = {
  ...common,
  roles: { web: role(), database: role({ slot: 1, volume: { sizeGb: 20 } }) },
  buckets: [
    { name: 'uploads', apis: ['s3'] },
    { name: 'models', apis: ['swift', 's3'] },
  ],
};

export const project = '0123456789abcdef0123456789abcdef';
export const settings: OpenstackSettings = {
  project,
  network: 'public',
  logsService: 'ldp-ab-12345',
  dnsZone: 'example.org',
};

interface Given {
  blueprint?: Blueprint;
  settings?: Partial<OpenstackSettings>;
  environment?: Partial<Environment>;
  allowDestroy?: boolean;
  /** Ports that have the address which is asked for, by whether they bear the stack's own tags */
  ports?: { own: string[]; others: string[] };
  standing?: string[];
}

interface Told extends Provisioned, ReturnType<typeof view> {
  declared: DeclaredResource[];
  fact(name: string): ReturnType<typeof told>;
}

/** What one system on this cloud comes to */
export async function provisioned({
  blueprint = shop,
  allowDestroy = false,
  ports = { own: [], others: [] },
  standing = [],
  ...given
}: Given = {}): Promise<Told> {
  const getPortIds = ({ tags }: { tags: string[] }) => ({
    ids: tags.length > 0 ? ports.own : [...ports.own, ...ports.others],
  });
  const declared = await recorded('preprod', answers, {
    ...rehearsal.functions,
    'openstack:networking/getPortIds:getPortIds': getPortIds,
  });
  const clouds = { openstack: { ...settings, ...given.settings } };
  const request = requestOf('openstack', blueprint, {
    environment: { clouds, ...given.environment },
    entry: { allowDestroy },
  });
  const made = openstack.provision({ ...request, standing: { ...nothingStands, resources: new Set(standing) } });
  await pulumi.runtime.disconnect();
  return { ...made, ...view(declared), declared, fact: (name) => told(made.facts[name]) };
}
