import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProject } from '../config/file.ts';
import { captured } from '../process/captured.ts';
import { stackName } from './stackName.ts';

/** A stack as the engine is run on it */
export interface EngineStack {
  /** As it was given, perhaps with its organization and project */
  stack: string;
  project: string;
  /** The folder of the engine's programs */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** The file with its settings, where it isn't the one beside Pulumi.yaml */
  configFile?: string;
}

/** What `npx berth local` gives the engine for a stack of its own: settings for a state, a home and a passphrase apart */
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

/** Those, and what `berth env` adds to them so that they need not stand in every command */
export const shellVariables = [...localVariables, 'PULUMI_STACK', 'PULUMI_OPTION_CONFIG_FILE'] as const;

/**
 * Finds the engine and the environment to run it in: a local stack's own state and passphrase, else the user's.
 * @throws where there is no project, no engine can be had, or a local stack hasn't been set up yet
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
    // All that a local stack needs is in its own home by now: the engine need not look for more
    return { stack, project, folder, environment: engineEnvironment(place, engine, true), configFile };
  }
  return { stack, project, folder, environment: ownEnvironment(folder, place.folder) };
}

/** The user's own, also in a shell that `berth env` has set up for a local stack */
function ownEnvironment(engine: string, generated: string): NodeJS.ProcessEnv {
  const prepared = process.env.PULUMI_BACKEND_URL?.includes(generated) ?? false;
  const dropped: readonly string[] = prepared ? shellVariables : [];
  const own = Object.entries(process.env).filter(([name]) => !dropped.includes(name));
  return { ...Object.fromEntries(own), PATH: `${engine}${delimiter}${process.env.PATH ?? ''}` };
}

/** @throws for a stack of local machines: its settings are made by the set-up */
async function refuseLocal(project: string, stack: string): Promise<void> {
  const { clouds } = await import('../clouds/registry.ts');
  const { readEnvironmentFile } = await import('../config/file.ts');
  const { cloudsIn } = await import('../config/walk.ts');
  const { config } = readEnvironmentFile(join(project, `Pulumi.${stack}.yaml`), stack);
  if (!cloudsIn(clouds, config).some((cloud) => cloud?.prepared)) return;
  throw new Error(`stack ${stack} isn't set up on this computer yet: run npx berth local`);
}

/** The words that name a stack's settings to the engine, where they aren't the file beside Pulumi.yaml */
export const settingsOf = ({ configFile }: EngineStack): readonly string[] =>
  configFile === undefined ? [] : ['--config-file', configFile];

/**
 * Runs `pulumi` on a stack and gives what it prints.
 * @param input what it reads, when it changes something: the place of a secret, which no argument may hold
 * @throws with the engine's own words when it fails
 */
export async function pulumi(on: EngineStack, args: readonly string[], input?: string): Promise<string> {
  const words = [...args, '--stack', on.stack, '--non-interactive', '--color', 'never'];
  const run = { cwd: on.project, env: on.environment, input };
  const { code, stdout, stderr } = await captured('pulumi', words, run);
  if (code === 0) return stdout;
  const said = stderr.trim().replace(/^error: /, '') || `it ended with code ${code}`;
  throw new Error(`the engine can't ${input === undefined ? 'read' : 'change'} stack ${on.stack}: ${said}`);
}
