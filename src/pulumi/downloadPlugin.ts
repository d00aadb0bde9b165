import { unreachable } from '../process/probe.ts';
import { runLogged } from '../process/stage.ts';
import { type Engine, pathWith, pulumiHome } from './engine.ts';

/**
 * Downloads a genuine plugin into the user's own Pulumi folder. Returns the reason if that fails.
 * @param environment for the engine. @default this process's
 */
export async function downloadPlugin(
  { name, version }: { name: string; version: string },
  engine: Engine,
  log: (line: string) => void,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const obstacle = await unreachable('https://get.pulumi.com/releases/plugins/');
  if (obstacle !== undefined) return obstacle;
  try {
    await runLogged('pulumi', ['plugin', 'install', 'resource', name, `v${version}`], {
      log,
      env: { ...environment, PATH: pathWith(engine), PULUMI_HOME: pulumiHome() },
      timeoutSeconds: 120,
    });
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n').at(-1);
  }
}
