import { cpus } from 'node:os';
import { type Properties, type ResourceHandler, UNKNOWN } from '../../../pulumi/plugin.ts';
import { firewallStands, installFirewall, updateFirewall } from './cloudFirewall.ts';
import {
  inspectContainer,
  makeContainer,
  makeVolume,
  removeContainer,
  removeVolume,
  startContainer,
} from './containers.ts';
import { docker } from './docker.ts';
import { checkInputs, parsed } from './inputs.ts';
import { type MachineInputs, machineContainer, machineInputs, machineSize, volumesOf } from './machineSettings.ts';
import { isOurs, type Owner, ownerOf } from './owner.ts';
import { seedArchive } from './seed.ts';

/**
 * Machine: a container that boots like a virtual machine, with a fixed address and a cloud firewall. Rules and size are
 * updated while it runs; any other change replaces it at the same address.
 */
export const machine: ResourceHandler = {
  replaceOn: ['name', 'hostname', 'image', 'network', 'address', 'aliases', 'publish', 'disks', 'exists'],
  // Read at the first boot only, so a later change must not replace the machine
  diffIgnores: ['userData', 'firewallImage'],
  deleteBeforeReplace: true,
  check: (news) => checkInputs(machineInputs, { ...news, exists: true, running: true }),
  async create(inputs, { urn, preview }) {
    if (preview) return { id: '', state: { ...inputs, containerId: UNKNOWN, bootedImage: UNKNOWN } };
    const wanted = parsed(machineInputs, inputs);
    const owner = ownerOf(urn);
    try {
      await makeMachine(wanted, owner);
    } catch (error) {
      await removeMachine(wanted.name, owner);
      throw error;
    }
    return { id: wanted.name, state: await facts(wanted.name, inputs) };
  },
  async read(id, state, inputs, { urn }) {
    const owner = ownerOf(urn);
    const container = await inspectContainer(id);
    if (container === undefined || !isOurs(container.Config.Labels, owner)) {
      // With `undefined`, the engine would create the machine again without replacing the resources that depend on it
      return { state, inputs: { ...inputs, exists: false } };
    }
    if (container.State.Status !== 'running') return { state, inputs: { ...inputs, running: false } };
    const stands = await firewallStands(parsed(machineInputs, inputs), owner);
    return { state, inputs: stands ? inputs : { ...inputs, rules: [] } };
  },
  async update(id, olds, news, { urn, preview }) {
    const { containerId, bootedImage } = olds;
    if (preview) return { ...news, containerId, bootedImage };
    const wanted = parsed(machineInputs, news);
    await docker('POST', `/containers/${id}/update`, { body: machineSize(wanted, cpus().length) });
    await startContainer(id);
    await updateFirewall(wanted, ownerOf(urn));
    return facts(id, news);
  },
  delete: (id, _state, { urn }) => removeMachine(id, ownerOf(urn)),
};

async function makeMachine(wanted: MachineInputs, owner: Owner): Promise<void> {
  const { name, hostname, userData } = wanted;
  // A container left by an interrupted run would still use the volumes
  await removeMachine(name, owner);
  for (const volume of Object.values(volumesOf(name))) await makeVolume(volume, owner);
  await installFirewall(wanted, owner);
  const id = await makeContainer(name, owner, machineContainer(wanted, cpus().length));
  await docker('PUT', `/containers/${id}/archive`, {
    query: { path: '/' },
    body: seedArchive({ id, hostname, userData }),
  });
  await startContainer(name);
}

async function removeMachine(name: string, owner: Owner): Promise<void> {
  await removeContainer(name, owner);
  await removeContainer(`${name}-firewall`, owner);
  for (const volume of Object.values(volumesOf(name))) await removeVolume(volume, owner);
}

async function facts(name: string, inputs: Properties): Promise<Properties> {
  const container = await inspectContainer(name);
  return { ...inputs, containerId: container?.Id, bootedImage: container?.Image };
}
