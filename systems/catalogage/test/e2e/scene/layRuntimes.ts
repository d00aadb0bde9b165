import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtImages } from '../../../../../src/clouds/local/images/build.ts';
import { imageTag } from '../../../../../src/clouds/local/images/keys.ts';
import { maker } from '../../../../../src/clouds/local/images/maker.ts';
import type { Recipe } from '../../../../../src/clouds/local/images/recipes.ts';
import { checkout } from '../../../../../src/paths.ts';
import { run, stdoutOf } from '../../../../../test/e2e/stack.ts';

/** Versions that the machine's Debian does not have, and one whose sum is wrong */
export const foreign = { node: '22.12.0', python: '3.11.2', wrongNode: '22.12.1' } as const;

const python: Recipe = {
  name: 'catalogage-python',
  context: new URL('../../../images/python', import.meta.url).pathname,
};

/**
 * Lays out what nodejs.org and GitHub have, in a folder that a server outside gives: a real Node from the package of its
 * registry, a real Python from Debian's former packages. `pip` has uv, as its index does.
 */
export async function layRuntimes(served: string): Promise<void> {
  const folder = join(served, 'runtimes');
  await mkdir(folder);
  await Promise.all([layNode(join(folder, 'node')), layPython(folder), layUv(join(folder, 'pip'))]);
}

const nodeMachine = process.arch === 'arm64' ? 'arm64' : 'x64';

async function layNode(folder: string): Promise<void> {
  await mkdir(folder);
  const name = `node-linux-${nodeMachine}@${foreign.node}`;
  const packed = (await stdoutOf('npm', ['pack', '--silent', '--pack-destination', folder, name])).trim();
  const sum = createHash('sha256')
    .update(await readFile(join(folder, packed)))
    .digest('hex');
  for (const [version, said] of [
    [foreign.node, sum],
    [foreign.wrongNode, '0'.repeat(64)],
  ] as const) {
    const archive = `node-v${version}-linux-${nodeMachine}.tar.gz`;
    await mkdir(join(folder, `v${version}`));
    await copyFile(join(folder, packed), join(folder, `v${version}`, archive));
    await writeFile(join(folder, `v${version}`, 'SHASUMS256.txt'), `${said}  ${archive}\n`);
  }
}

async function layPython(folder: string): Promise<void> {
  await maker(await builtImages()).image(python, () => undefined);
  const name = `berth-python-${process.pid}`;
  await stdoutOf('docker', ['create', '--name', name, imageTag(python)]);
  await stdoutOf('docker', ['cp', `${name}:/python.tar.gz`, folder]);
  await run('docker', ['rm', name], process.env);
  const [major, minor, patch] = foreign.python.split('.').map(Number);
  const family = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const sha256 = createHash('sha256')
    .update(await readFile(join(folder, 'python.tar.gz')))
    .digest('hex');
  const one = {
    ...{ name: 'cpython', arch: { family, variant: null }, os: 'linux', libc: 'gnu', major, minor, patch },
    ...{ prerelease: '', url: 'https://packages.corp.test/runtimes/python.tar.gz', sha256, variant: null, build: '1' },
  };
  const listed = { [`cpython-${foreign.python}-linux-${family}-gnu`]: one };
  await writeFile(join(folder, 'python.json'), JSON.stringify(listed));
}

/** With a page that links to it */
async function layUv(folder: string): Promise<void> {
  const strict = ['--require-hashes', '--only-binary', ':all:', '--no-deps', '--disable-pip-version-check', '--quiet'];
  const pinned = join(checkout, 'templates/runtimes/uv.txt');
  await stdoutOf('python3', ['-m', 'pip', 'download', ...strict, '-r', pinned, '--dest', folder]);
  const links = (await readdir(folder)).map((name) => `<a href="${name}">${name}</a>`);
  await writeFile(join(folder, 'links.html'), links.join('\n'));
}
