import { randomBytes } from 'node:crypto';
import { type CallContext, type Properties, type ResourceHandler, textOrBytes, UNKNOWN } from '../plugin.ts';
import { dial } from './dial.ts';
import { checkInputs, readInputs, unserved } from './inputs.ts';
import { Output } from './output.ts';
import { run } from './run.ts';

/**
 * `remote.Command`: runs `create` at creation and after any change of its inputs, and nothing at refresh and deletion.
 * Its output is secret only as far as `additionalSecretOutputs` says, even if its stdin is secret.
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
    // Created by the genuine plugin: ignoring its delete command silently would be wrong
    if ((state.delete ?? null) !== null) throw new Error(unserved('delete'));
  },
};

async function outputs(inputs: Properties, former: Properties, context: CallContext): Promise<Properties> {
  if (context.preview) return { stdout: UNKNOWN, stderr: UNKNOWN };
  const { connection, create, stdin, logging } = readInputs(inputs);
  if (create === undefined) return former;
  const output = new Output(logging, context);
  // The session stays open until the plugin exits, as in the genuine one
  const client = await dial(connection, context);
  await run(client, create, stdin ?? '', output);
  return { stdout: textOrBytes(output.trimmed('stdout')), stderr: textOrBytes(output.trimmed('stderr')) };
}
