import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Captured } from '../../src/process/captured.ts';
import { pageOf, type ShopProject, shopProject } from './shop/project.ts';

// A fifth product in another project, in which berth is installed as a package that `npm pack` makes

let project: ShopProject;
let first: Captured;

const berth = (...words: string[]) => project.berth(...words);
const page = (path: string) => pageOf(project, path);

beforeAll(async () => {
  project = await shopProject();
  await project.build('hello');
  first = await berth('local');
});

afterAll(() => project?.remove());

test('a system needs at most 40 lines', async () => {
  const text = await readFile(new URL('shop/system.ts', import.meta.url), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});

test('one command deploys it on this computer, with the image that docker has under its name', async () => {
  expect(first.code, `${first.stdout}${first.stderr}`).toBe(0);
  expect(first.stdout).toContain(`https://shop.localhost:${project.port}`);
  expect(await page('/version')).toBe('200 1.0.0');
  expect(await page('/')).toBe('200 visitor 1');
  expect(await page('/')).toBe('200 visitor 2');
});

test('the command writes an environment file with the system and its version', async () => {
  expect(first.stdout).toMatch(/^created .*Pulumi\.local\.yaml/m);
  const { config } = parse(await readFile(join(project.folder, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop).toMatchObject({ cloud: 'local', version: '1.0.0', web: { size: 'small' } });
});

test('commands know the system, and none of the systems in berth’s own repository', async () => {
  const { code, stdout } = await berth('status', 'local');
  expect(stdout).toMatch(/shop.*1\.0\.0/);
  expect(code, stdout).toBe(0);
  await writeFile(
    join(project.folder, 'Pulumi.prod.yaml'),
    stringify({ config: { 'berth:operators': { networks: [], sshPublicKeys: [] }, 'berth:systems': { basegun: {} } } }),
  );
  const refused = await berth('matrix', 'prod');
  expect(refused.stderr).toMatch(/berth:systems\.basegun \(line \d+\)\n +is not a known key\n +allowed: shop/);
});

test('a changed image of the same name and tag is noticed: it runs after the next command, the Redis keeps its data', async () => {
  expect(await page('/greeting')).toBe('200 hello');
  await project.build('good evening');
  const { code, stdout, stderr } = await berth('local', 'shop');
  expect(code, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/^plan: nothing changes but images, shop\.test\/page-\d+:1\.0\.0$/m);
  expect(await page('/greeting')).toBe('200 good evening');
  expect(await page('/')).toBe('200 visitor 3');
});
