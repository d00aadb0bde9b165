import { z } from 'zod';
import { containsUnknown, type Properties, type ResourceHandler } from '../../../pulumi/plugin.ts';
import { labelsOf, removeContainer, removeVolume } from './containers.ts';
import { DockerError, docker, dockerIfAny } from './docker.ts';
import { checkInputs, dockerName, parsed } from './inputs.ts';
import { isLeftover, isOurs, type Owner, ownerOf } from './owner.ts';
import { freeSubnet, gatewayOf, takenSubnets } from './subnet.ts';

const schema = z.strictObject({ name: dockerName, subnet: z.cidrv4() });

/**
 * Docker network. Without a given subnet, a free one is chosen during the check, so that a preview knows it, and kept
 * afterwards.
 */
export const network: ResourceHandler = {
  replaceOn: ['name', 'subnet'],
  deleteBeforeReplace: true,
  async check(news, olds) {
    if (news.subnet !== undefined || containsUnknown(news.name)) return checkInputs(schema.partial(), news);
    const subnet = olds?.name === news.name && olds?.subnet ? olds.subnet : await chooseSubnet(String(news.name));
    return checkInputs(schema, { ...news, subnet });
  },
  async create(inputs, { urn, preview }) {
    if (preview) return { id: '', state: facts(inputs) };
    const { name, subnet } = parsed(schema, inputs);
    const owner = ownerOf(urn);
    const existing = await dockerIfAny('GET', `/networks/${name}`);
    if (existing !== undefined && isLeftover('network', name, labelsOf(existing), owner))
      await removeNetwork(name, owner);
    await makeNetwork(name, subnet, owner);
    return { id: name, state: facts(inputs) };
  },
  async read(id, state, inputs, { urn }) {
    const existing = await dockerIfAny('GET', `/networks/${id}`);
    if (existing === undefined || !isOurs(labelsOf(existing), ownerOf(urn))) return undefined;
    return { state, inputs };
  },
  delete: (id, _state, { urn }) => removeNetwork(id, ownerOf(urn)),
};

/**
 * Chosen subnets by network name, before the networks exist: several networks of one program are checked concurrently
 */
const promised = new Map<string, string>();

async function chooseSubnet(name: string): Promise<string> {
  const taken = await takenSubnets();
  promised.delete(name);
  const subnet = freeSubnet(name, [...taken, ...promised.values()]);
  promised.set(name, subnet);
  return subnet;
}

function facts(inputs: Properties): Properties {
  return { ...inputs, gateway: gatewayOf(String(inputs.subnet)) };
}

async function makeNetwork(name: string, subnet: string, owner: Owner): Promise<void> {
  const IPAM = { Config: [{ Subnet: subnet, Gateway: gatewayOf(subnet) }] };
  const body = { Name: name, Driver: 'bridge', EnableIPv6: false, CheckDuplicate: true, IPAM, Labels: owner };
  try {
    await docker('POST', '/networks/create', { body });
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const fix = /overlap/i.test(error.message)
      ? ': another network has taken it in the meantime; run it again, or give another "subnet"'
      : '';
    throw new Error(`network ${name} with subnet ${subnet}: ${error.message}${fix}`);
  }
}

/** Removes a network and the containers on it that an interrupted run left behind, which are in no state */
async function removeNetwork(name: string, owner: Owner): Promise<void> {
  const existing = await dockerIfAny('GET', `/networks/${name}`);
  if (existing === undefined || !isOurs(labelsOf(existing), owner)) return;
  const filters = JSON.stringify({ network: [name], label: [`berth.stack=${owner['berth.stack']}`] });
  const containers = await docker('GET', '/containers/json', { query: { all: '1', filters } });
  for (const { Id, Labels } of z.array(listed).parse(JSON.parse(containers))) await removeLeftover(Id, Labels);
  await dockerIfAny('DELETE', `/networks/${name}`);
}

async function removeLeftover(container: string, owner: Owner): Promise<void> {
  await removeContainer(container, owner);
  const filters = JSON.stringify({ label: [`berth.urn=${owner['berth.urn']}`] });
  const { Volumes } = z
    .object({ Volumes: z.array(z.object({ Name: z.string() })).nullish() })
    .parse(JSON.parse(await docker('GET', '/volumes', { query: { filters } })));
  for (const volume of Volumes ?? []) await removeVolume(volume.Name, owner);
}

const listed = z.object({ Id: z.string(), Labels: z.object({ 'berth.stack': z.string(), 'berth.urn': z.string() }) });
