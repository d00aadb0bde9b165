import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { captured } from '../../src/process/captured.ts';

/** Makes another project's folder, in which berth is installed as a package that `npm pack` makes */
export async function projectWithBerth(name: string): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), `${name}-`));
  const run = (cwd: string, ...words: string[]) => captured('npm', words, { cwd, env: process.env });
  const packed = await run(checkout, 'pack', '--silent', '--pack-destination', project);
  if (packed.code !== 0) throw new Error(packed.stderr);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name, private: true }));
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const installed = await run(project, ...install, packed.stdout.trim());
  if (installed.code !== 0) throw new Error(installed.stderr);
  return project;
}
