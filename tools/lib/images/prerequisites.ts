import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runLogged } from '../stage.ts';

/**
 * Makes sure that a program of Debian's is there: on Debian and Ubuntu as root it is installed.
 * @param why what it is needed for, as the beginning of the error's sentence
 */
export async function requireProgram(
  program: string,
  packages: readonly string[],
  why: string,
  log: (line: string) => void,
): Promise<void> {
  if (isOnPath(program)) return;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(`${why}, which is not installed: run \`sudo apt-get install ${packages.join(' ')}\``);
  }
  log(`installing ${program}`);
  // Another stage may be installing docker at this moment
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Get::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runLogged('apt-get', [...patient, 'update', '-qq'], { log, env });
  await runLogged('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...packages], { log, env });
}

/** Whether a program of this name is on PATH. */
export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}
