import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProject } from '../config/file.ts';
import { captured } from '../process/captured.ts';
import { stackName } from './stackName.ts';

/** A stack with the engine and environment to run on it */
export interface EngineStack {
  /** As given, with or without organization and project */
  stack: string;
  project: string;
  /** Folder of the engine's programs */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Configuration file. @default the one next to Pulumi.yaml */
  configFile?: string;
}

/**
 * Variables that `npx berth local` sets for the engine, so that a local stack has its own state, home and passphrase
 */
export const localVariables = [
  'PULUMI_HOME',
  'PULUMI_BACKEND_URL',
  'PULUMI_CONFIG_PASSPHRASE_FILE',
  'PULUMI_CREDENTIAL_STORE',
  'PULUMI_SKIP_UPDATE_CHECK',
  'PULUMI_SUPPRESS_NEO_LINK',
  'PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION',
  'PULUMI_DISABLE_REGISTRY_RESOLVE',
] as const;

/** `localVariables` and those that `berth env` adds, so that commands need no options for the stack */
export const shellVariables = [...localVariables, 'PULUMI_STACK', 'PULUMI_OPTION_CONFIG_FILE'] as const;

/**
 * Returns a stack with the engine and environment to run it: a local stack's own state and passphrase, otherwise the
 * user's
 * @throws if there is no project or no engine, or if a local stack hasn't been set up
 */
export async function engineStack(stack: string): Promise<EngineStack> {
  const project = findProject(process.cwd());
  const { findEngine } = await import('./engine.ts');
  const { engineEnvironment, placeIn, stackFile } = await import('./place.ts');
  const place = placeIn(project, stackName(stack));
  const configFile = stackFile(place);
  if (!existsSync(configFile)) await refuseLocal(project, stackName(stack));
  const engine = await findEngine((line) => console.error(line));
  const { folder } = engine;
  if (existsSync(configFile)) {
    // A local stack has all plugins in its own home, so the engine need not look for more
    return { stack, project, folder, environment: engineEnvironment(place, engine, true), configFile };
  }
  return { stack, project, folder, environment: ownEnvironment(folder, place.folder) };
}

/** Returns the user's own environment, without the variables that `berth env` has set for a local stack */
function ownEnvironment(engine: string, generated: string): NodeJS.ProcessEnv {
  const prepared = process.env.PULUMI_BACKEND_URL?.includes(generated) ?? false;
  const dropped: readonly string[] = prepared ? shellVariables : [];
  const own = Object.entries(process.env).filter(([name]) => !dropped.includes(name));
  return { ...Object.fromEntries(own), PATH: `${engine}${delimiter}${process.env.PATH ?? ''}` };
}

/** @throws if the stack is one of local machines, whose settings the set-up creates */
async function refuseLocal(project: string, stack: string): Promise<void> {
  const { clouds } = await import('../clouds/registry.ts');
  const { readEnvironmentFile } = await import('../config/file.ts');
  const { cloudsIn } = await import('../config/walk.ts');
  const { config } = readEnvironmentFile(join(project, `Pulumi.${stack}.yaml`), stack);
  if (!cloudsIn(clouds, config).some((cloud) => cloud?.prepared)) return;
  throw new Error(`stack ${stack} is not set up on this computer yet: run npx berth local`);
}

/** Returns the engine's options for the stack's configuration file, if it is not the one next to Pulumi.yaml */
export const settingsOf = ({ configFile }: EngineStack): readonly string[] =>
  configFile === undefined ? [] : ['--config-file', configFile];

/**
 * Runs `pulumi` on a stack and returns its output
 * @param input standard input of a command that changes something, such as a secret, which must not be an argument
 * @throws with the engine's message if it fails
 */
export async function pulumi(on: EngineStack, args: readonly string[], input?: string): Promise<string> {
  const words = [...args, '--stack', on.stack, '--non-interactive', '--color', 'never'];
  const run = { cwd: on.project, env: on.environment, input };
  const { code, stdout, stderr } = await captured('pulumi', words, run);
  if (code === 0) return stdout;
  const said = stderr.trim().replace(/^error: /, '') || `it ended with code ${code}`;
  throw new Error(`the engine can't ${input === undefined ? 'read' : 'change'} stack ${on.stack}: ${said}`);
}
