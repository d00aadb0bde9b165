import { z } from 'zod';
import type { ResourceHandler } from '../../../pulumi/plugin.ts';
import { inspectContainer, makeContainer, removeContainer, startContainer } from './containers.ts';
import { checkInputs, parsed, placed } from './inputs.ts';
import { isOurs, ownerOf } from './owner.ts';

const commonAddress = z.strictObject(placed);

/**
 * Address that machines hold in turn: a container that has it and its names for docker, so that nobody else gets them and
 * names lead to it, but gives it up on its own network card
 */
export const address: ResourceHandler = {
  replaceOn: ['name', 'network', 'address', 'aliases', 'image'],
  deleteBeforeReplace: true,
  check: (news) => checkInputs(commonAddress, { ...news, running: true }),
  async create(inputs, { urn, preview }) {
    if (preview) return { id: '', state: inputs };
    const wanted = parsed(commonAddress, inputs);
    await hold(wanted, ownerOf(urn));
    return { id: wanted.name, state: inputs };
  },
  async read(id, state, inputs, { urn }) {
    const container = await inspectContainer(id);
    const runs = container?.State.Status === 'running' && isOurs(container.Config.Labels, ownerOf(urn));
    return { state, inputs: runs ? inputs : { ...inputs, running: false } };
  },
  async update(_id, _olds, news, { urn, preview }) {
    if (!preview) await hold(parsed(commonAddress, news), ownerOf(urn));
    return news;
  },
  delete: (id, _state, { urn }) => removeContainer(id, ownerOf(urn)),
};

async function hold(
  { name, network, address, aliases, image }: z.infer<typeof commonAddress>,
  owner: ReturnType<typeof ownerOf>,
): Promise<void> {
  await makeContainer(name, owner, {
    Image: image,
    Entrypoint: ['/bin/sh', '-c', 'ip address flush dev eth0 && exec sleep infinity'],
    Cmd: [],
    HostConfig: { CapAdd: ['NET_ADMIN'], Init: true, NetworkMode: network, RestartPolicy: { Name: 'unless-stopped' } },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: aliases } } },
  });
  await startContainer(name);
}
