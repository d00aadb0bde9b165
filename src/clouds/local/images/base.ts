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
  await runLogged('docker', ['build', '--tag', baseTag, '-'], { log, input: ownBase(official) });
}

/**
 * Up to a dozen images are built at the same time, and a mirror may refuse some requests: apt repeats them for minutes. Its
 * index of all packages, 91 MB, would be in each image: it is kept in memory alone, as in Debian's official image. Packages
 * that link their manual pages as alternatives fail without the folders that the slim image leaves out.
 */
const ownBase = (image: string): string => `FROM ${image}
RUN echo 'Acquire::Retries "10";' >/etc/apt/apt.conf.d/80-patient \\
 && printf '%s\\n' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' >/etc/apt/apt.conf.d/docker-no-index \\
 && mkdir -p /usr/share/man/man1 /usr/share/man/man7 /usr/share/man/man8
`;

/** Files of packages that Debian's official slim image leaves out: 45 MB of the plain system, and most of some packages */
const leftOut = ['doc/*', 'groff/*', 'info/*', 'lintian/*', 'linda/*', 'locale/*', 'man/*'];
const slim = [
  ...leftOut.map((files) => `path-exclude=/usr/share/${files}`),
  'path-include=/usr/share/doc/*/copyright',
  'path-include=/usr/share/locale/locale.alias',
];

async function bootstrap(tag: string, log: Log): Promise<void> {
  const why = 'no container registry can be reached, so the Debian image is built with mmdebstrap';
  await requireProgram({ program: 'mmdebstrap', packages: ['mmdebstrap', 'debian-archive-keyring'], why }, log);
  const folder = await mkdtemp(join(tmpdir(), 'berth-base-'));
  try {
    const archive = join(folder, 'base.tar');
    const options = ['--variant=minbase', '--aptopt=Acquire::Retries "10"', ...slim.map((rule) => `--dpkgopt=${rule}`)];
    await runLogged('mmdebstrap', [...options, debianRelease, archive], { log, timeoutSeconds: 900 });
    await runLogged('docker', ['import', '--change', 'CMD ["bash"]', archive, tag], { log });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
