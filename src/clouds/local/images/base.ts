import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../../../process/debian.ts';
import { runLogged } from '../../../process/stage.ts';
import { baseKey, debianRelease } from './keys.ts';
import { pulled } from './pull.ts';

type Log = (line: string) => void;

/** Tag of the plain Debian 13 image */
export const baseTag = `berth/base:${baseKey}`;

/**
 * Creates the plain Debian image: pulled if a registry answers, otherwise built from Debian's packages
 * @throws if neither is possible, with the fix
 */
export async function makeBase(log: Log): Promise<void> {
  const official = `docker.io/library/debian:${debianRelease}-slim`;
  if (!(await pulled(official, log))) await bootstrap(official, log);
  await runLogged('docker', ['build', '--tag', baseTag, '-'], { log, input: patient(official) });
}

/**
 * Up to a dozen images are built at the same time, and a mirror may refuse some requests: apt repeats them for minutes
 */
const patient = (image: string): string => `FROM ${image}
RUN echo 'Acquire::Retries "10";' >/etc/apt/apt.conf.d/80-patient
`;

async function bootstrap(tag: string, log: Log): Promise<void> {
  const why = 'no container registry can be reached, so the Debian image is built with mmdebstrap';
  await requireProgram({ program: 'mmdebstrap', packages: ['mmdebstrap', 'debian-archive-keyring'], why }, log);
  const folder = await mkdtemp(join(tmpdir(), 'berth-base-'));
  try {
    const archive = join(folder, 'base.tar');
    await runLogged('mmdebstrap', ['--variant=minbase', '--aptopt=Acquire::Retries "10"', debianRelease, archive], {
      log,
      timeoutSeconds: 900,
    });
    await runLogged('docker', ['import', '--change', 'CMD ["bash"]', archive, tag], { log });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
