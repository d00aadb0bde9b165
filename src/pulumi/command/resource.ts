import { randomBytes } from 'node:crypto';
import { type CallContext, type Properties, type ResourceHandler, textOrBytes, UNKNOWN } from '../plugin.ts';
import { dial } from './dial.ts';
import { checkInputs, readInputs, unserved } from './inputs.ts';
import { Output } from './output.ts';
import { run } from './run.ts';

/**
 * `remote.Command`: runs `create` when it is made and again at any change of its inputs; nothing at refresh and deletion.
 * What it printed is as public as its additionalSecretOutputs say, even when its stdin is secret.
 */
export const remoteCommand: ResourceHandler = {
  check: checkInputs,

  async create(inputs, context) {
    const id = `${context.name}${randomBytes(4).toString('hex')}`;
    return { id, state: { ...inputs, ...(await outputs(inputs, { stdout: '', stderr: '' }, context)) } };
  },

  async update(_id, olds, news, context) {
    const { stdout, stderr } = olds;
    return { ...news, ...(await outputs(news, { stdout, stderr }, context)) };
  },

  async read(_id, state, inputs) {
    if (Object.keys(state).length === 0) throw new Error(unserved('import'));
    return { state, inputs };
  },

  async delete(_id, state) {
    // Left by the genuine plugin, and not to be forgotten in silence.
    if ((state.delete ?? null) !== null) throw new Error(unserved('delete'));
  },
};

async function outputs(inputs: Properties, former: Properties, context: CallContext): Promise<Properties> {
  if (context.preview) return { stdout: UNKNOWN, stderr: UNKNOWN };
  const { connection, create, stdin, logging } = readInputs(inputs);
  if (create === undefined) return former;
  const output = new Output(logging, context);
  // The session stays open until the plugin leaves, as the genuine one's does.
  const client = await dial(connection, context);
  await run(client, create, stdin ?? '', output);
  return { stdout: textOrBytes(output.trimmed('stdout')), stderr: textOrBytes(output.trimmed('stderr')) };
}
