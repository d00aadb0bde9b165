import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../../../process/debian.ts';
import { runLogged } from '../../../process/stage.ts';
import { baseKey, debianRelease } from './keys.ts';
import { pulled } from './pull.ts';

type Log = (line: string) => void;

/** Plain Debian 13. */
export const baseTag = `berth/base:${baseKey}`;

/**
 * Makes the plain Debian image: pulled where a registry answers, else put together from Debian's packages.
 * @throws when neither is possible, with what to do
 */
export async function makeBase(log: Log): Promise<void> {
  const official = `docker.io/library/debian:${debianRelease}-slim`;
  if (!(await pulled(official, log))) await bootstrap(official, log);
  await runLogged('docker', ['build', '--tag', baseTag, '-'], { log, input: patient(official) });
}

/** A dozen images are built at once: a mirror that turns one away for a moment is asked again, for minutes */
const patient = (image: string): string => `FROM ${image}
RUN echo 'Acquire::Retries "10";' >/etc/apt/apt.conf.d/80-patient
`;

async function bootstrap(tag: string, log: Log): Promise<void> {
  const why = 'no container registry answers, and then the Debian image is put together with mmdebstrap';
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
