import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clouds } from '../../clouds/registry.ts';
import { findProject } from '../../config/file.ts';
import type { Environment } from '../../model/environment.ts';
import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { stackName } from '../../pulumi/stackName.ts';

/** The source of a deployment: the committed file of a stack, or another text in its place */
export interface StackSource {
  stack: string;
  /** Text of the committed file */
  text: string;
  /** Prepares the engine to deploy a text */
  ready(text: string): Promise<EngineStack>;
  /** Removes locks of killed engines; only for state on this computer, where they can be detected */
  freed(): Promise<void>;
  remove(): Promise<void>;
}

/** Returns the source of a stack; stacks with local machines are prepared as `npx berth local` does */
export async function stackSourceOf(stack: string, { systems }: Environment): Promise<StackSource> {
  const local = Object.values(systems).some(({ cloud }) => clouds[cloud]?.prepared !== undefined);
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
      const { placeIn } = await import('../../pulumi/place.ts');
      const { dropDeadLocks } = await import('../../pulumi/stateLock.ts');
      await dropDeadLocks(placeIn(project, name));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function cloudStack(stack: string, file: string, committed: string): Promise<EngineStack> {
  return { ...(await engineStack(stack)), ...(file !== committed && { configFile: file }) };
}

/** Prepares images, keys and receivers for a file, and the generated settings that the engine reads */
async function localStack(stack: string, project: string, file: string): Promise<EngineStack> {
  const { placeIn, stackFile } = await import('../../pulumi/place.ts');
  const { prepareComputer } = await import('../../clouds/local/setUp/prepare.ts');
  const { createProgress } = await import('../../process/progress.ts');
  const { wantedIn } = await import('../local/wanted.ts');
  const place = placeIn(project, stackName(stack));
  const progress = createProgress(join(place.folder, 'logs'));
  const { engine, environment } = await prepareComputer(place, progress, file, wantedIn(file, place.stack));
  return { stack, project, folder: engine.folder, environment, configFile: stackFile(place) };
}

/** Removes the SSH agent from the environment: it would offer other keys before the stack's deploy key */
function withoutAgent({ SSH_AUTH_SOCK: _agent, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment;
}
