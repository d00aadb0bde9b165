import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../../../tools/lib/place.ts';
import { findProject } from '../../config/file.ts';
import type { Environment } from '../../model/environment.ts';
import { type EngineStack, engineStack } from '../engine.ts';
import { stackName } from '../stackName.ts';

/** Where a stack is deployed from: its committed file, or another text in its place */
export interface Ground {
  stack: string;
  /** The committed file */
  text: string;
  /** Makes everything ready for the engine to deploy a text, the committed one unless another is given */
  ready(text: string): Promise<EngineStack>;
  /** Takes away locks of engines that were killed, where that can be seen: on this computer's own machines */
  freed(): Promise<void>;
  remove(): Promise<void>;
}

/** Local machines need what `npm run local` prepares, and so does a stack that has some */
export async function groundOf(stack: string, { systems }: Environment): Promise<Ground> {
  const local = Object.values(systems).some(({ cloud }) => cloud === 'local');
  const project = findProject(process.cwd());
  const name = stackName(stack);
  const committed = join(project, `Pulumi.${name}.yaml`);
  const committedText = await readFile(committed, 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'berth-deploy-'));
  const fileOf = async (text: string): Promise<string> => {
    if (text === committedText) return committed;
    const file = join(folder, `Pulumi.${name}.yaml`);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const made = async (text: string): Promise<EngineStack> => {
    const file = await fileOf(text);
    const engine = local ? await localStack(stack, project, file) : await cloudStack(stack, file, committed);
    return { ...engine, environment: withoutAgent(engine.environment) };
  };
  let last: { text: string; engine: EngineStack } | undefined;
  return {
    stack,
    text: committedText,
    async ready(text) {
      if (last?.text !== text) last = { text, engine: await made(text) };
      return last.engine;
    },
    freed: async () => {
      if (!local) return;
      const { dropDeadLocks } = await import('../../../tools/lib/state-lock.ts');
      await dropDeadLocks(placeOf(stack, project));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function cloudStack(stack: string, file: string, committed: string): Promise<EngineStack> {
  return { ...(await engineStack(stack)), ...(file !== committed && { configFile: file }) };
}

/** Images, keys and receivers for what the file says, and the file that the engine reads in its place */
async function localStack(stack: string, project: string, file: string): Promise<EngineStack> {
  const { stackFile } = await import('../../../tools/lib/place.ts');
  const { prepare } = await import('../../../tools/lib/prepare.ts');
  const { createProgress } = await import('../../../tools/lib/progress.ts');
  const { wantedIn } = await import('../../../tools/lib/wanted.ts');
  const place = placeOf(stack, project);
  const progress = createProgress(join(place.folder, 'logs'));
  const { engine, environment } = await prepare(place, progress, file, {}, wantedIn(file, place.stack));
  return { stack, project, folder: engine.folder, environment, configFile: stackFile(place) };
}

const placeOf = (stack: string, project: string): Place => ({
  ...{ stack: stackName(stack), project },
  folder: join(project, '.berth'),
});

/** Machines are reached by the stack's own deploy key: a person's agent would offer others first */
function withoutAgent({ SSH_AUTH_SOCK: _agent, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment;
}
