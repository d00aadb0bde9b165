import { registryHost } from '../../../model/registries.ts';
import { unreachable } from '../../../process/probe.ts';
import { runLogged } from '../../../process/stage.ts';

const answers = new Map<string, Promise<boolean>>();

/** Pulls an image. Returns `false` if its registry does not answer (logged once) or does not have it. */
export async function pulled(reference: string, log: (line: string) => void): Promise<boolean> {
  const registry = reference.slice(0, reference.indexOf('/'));
  const answer = answers.get(registry) ?? asked(registry, log);
  answers.set(registry, answer);
  if (!(await answer)) return false;
  try {
    await runLogged('docker', ['pull', '--quiet', reference], { log, timeoutSeconds: 600 });
    return true;
  } catch {
    log(`${reference} could not be pulled: it is built instead`);
    return false;
  }
}

async function asked(registry: string, log: (line: string) => void): Promise<boolean> {
  const obstacle = await unreachable(`https://${registryHost(registry)}/v2/`);
  if (obstacle) log(`${obstacle}: its images are built instead`);
  return obstacle === undefined;
}
