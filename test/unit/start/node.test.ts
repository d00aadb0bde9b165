import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captured } from '../../../src/process/captured.ts';
import { nodeFlaw } from '../../../src/start/node.js';
import { checkout, temporaryFolder } from '../cli/berth.ts';

test.each(['20.12.0', '20.19.5', '22.0.0'])('Node.js %s is new enough', (version) => {
  expect(nodeFlaw(version, '>=20.12')).toBeUndefined();
});

test.each(['18.20.4', '20.11.1', '4.0.0'])('Node.js %s is refused, with what is needed and what to do', (version) => {
  const flaw = `berth needs Node.js 20.12 or newer, and this is ${version}: install a newer one (https://nodejs.org)`;
  expect(nodeFlaw(version, '>=20.12')).toBe(flaw);
});

test.each(['berth.js', 'start.js'])('%s says so in one line before it loads anything else', async (program) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'src/start'), { recursive: true });
  for (const name of [program, 'node.js'])
    writeFileSync(join(folder, 'src/start', name), readFileSync(join(checkout, 'src/start', name)));
  writeFileSync(join(folder, 'src/start/packages.js'), 'export const ensurePackages = () => undefined;');
  writeFileSync(join(folder, 'src/start/esbuild.js'), 'console.log("loaded");\nexport const load = () => undefined;');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: '>=999.0' } }));
  const words = [join(folder, 'src/start', program), 'local'];
  const { code, stdout, stderr } = await captured(process.execPath, words, { cwd: folder, env: process.env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^berth needs Node\.js 999\.0 or newer, and this is [\d.]+: install a newer one .*\n$/);
});
