import { z } from 'zod';
import type { ResourceHandler } from '../../../pulumi/plugin.ts';
import { labelsOf, makeVolume, removeVolume } from './containers.ts';
import { dockerIfAny } from './docker.ts';
import { checkInputs, dockerName, parsed } from './inputs.ts';
import { isOurs, ownerOf } from './owner.ts';

const schema = z.strictObject({ name: dockerName });

/** Data disk: a docker volume that outlives the machines that use it */
export const volume: ResourceHandler = {
  replaceOn: ['name'],
  check: (news) => checkInputs(schema, news),
  async create(inputs, { urn, preview }) {
    if (preview) return { id: '', state: inputs };
    const { name } = parsed(schema, inputs);
    await makeVolume(name, ownerOf(urn));
    return { id: name, state: inputs };
  },
  async read(id, state, inputs, { urn }) {
    const answer = await dockerIfAny('GET', `/volumes/${id}`);
    if (answer === undefined || !isOurs(labelsOf(answer), ownerOf(urn))) return undefined;
    return { state, inputs };
  },
  delete: (id, _state, { urn }) => removeVolume(id, ownerOf(urn)),
};
