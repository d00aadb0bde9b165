import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { compared } from '../../../src/cli/compare/compared.ts';
import { compareMarkdown, isReadable } from '../../../src/cli/compare/markdown.ts';
import { github } from '../../github.ts';
import { berthHere, environmentFile, put, temporaryFolder } from './berth.ts';

const environment = environmentFile('local');

/** A project with environments, read by a program of its own */
function project(program: string, files: Readonly<Record<string, string>> = { prod: environment }): string {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  put(folder, 'package.json', '{ "type": "module", "bin": { "berth": "bin/berth.js" } }');
  put(folder, 'bin/berth.js', program);
  for (const [stack, text] of Object.entries(files)) put(folder, `Pulumi.${stack}.yaml`, text);
  return folder;
}

const sideOf = (folder: string) => ({ project: folder, program: join(folder, 'bin', 'berth.js') });

/** A program that renders these files, and says this of the others */
const saying = (files: Readonly<Record<string, string>>, matrix: string, policies = 'no findings') => `
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
const [, , view, , , out] = process.argv;
if (view === 'matrix') console.log(${matrix});
if (view === 'policies') { console.log('${policies}'); process.exitCode = 1; }
if (view === 'render') {
  for (const [path, text] of Object.entries(${JSON.stringify({ ...files, '.berth-render': Object.keys(files).join() })})) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), text);
  }
}
`;

test('a fork sees what its change makes of each machine, by the code of each side; no token is needed', async () => {
  const base = project(saying({ 'old-web-0/x.yaml': 'a\n' }, '"FROM TO"'), { local: environment, old: environment });
  const head = project('', { local: environment, fresh: environment });
  const hub = await github();
  const { GITHUB_STEP_SUMMARY } = hub.environment();
  const { stdout } = await berthHere(['compare', base, '--report', 'github'], head, { GITHUB_STEP_SUMMARY });
  const summary = hub.summary();
  await hub.close();
  expect(summary).toBe(`${stdout}\n`);
  expect(hub.writes).toEqual([]);
  expect(stdout).toContain('## `fresh`: a new stack\n');
  expect(stdout).toContain('## `old`: the stack was removed\n');
  expect(stdout).toMatch(/^-FROM TO$/m);
  expect(stdout).toMatch(/^\+operators: 198\.51\.100\.0\/24, 192\.0\.2\.0\/25 +basegun web/m);
  expect(stdout).toContain('<summary>old-web-0/x.yaml (gone)</summary>');
  expect(stdout).toContain('<summary>basegun-web-0/colours.yaml (new)</summary>');
  expect(stdout).not.toContain('.berth-render');
});

test('what differs is shown with its lines, whether it changed or moved', async () => {
  const long = 'a line\n'.repeat(20);
  const before = { 'web-0/f08/nginx.conf': long, 'web-0/x.yaml': 'a\nb\n', 'web-0/same': 's' };
  const after = { 'web-0/99c/nginx.conf': `${long}one more\n`, 'web-0/x.yaml': 'a\nc\n', 'web-0/same': 's' };
  const [base, head] = [before, after].map((files) => sideOf(project(saying(files, '"the same"'))));
  if (!base || !head) throw new Error('there are two');
  expect(await compared('prod', { base, head })).toEqual({
    stack: 'prod',
    kind: 'both',
    failures: [],
    files: [
      { path: 'files/web-0/99c/nginx.conf', kind: 'moved', lines: expect.stringContaining('\n+one more\n') },
      { path: 'files/web-0/x.yaml', kind: 'changed', lines: '@@ -1,2 +1,2 @@\n a\n-b\n+c\n' },
    ],
  });
});

test("a side's code gets nothing of a job's secrets", async () => {
  vi.stubEnv('OS_PASSWORD', 'hush');
  vi.stubEnv('GITHUB_TOKEN', 'hush');
  const base = sideOf(project(saying({}, 'Object.keys(process.env).join("\\n")')));
  const head = sideOf(project(saying({}, '""')));
  const found = await compared('prod', { base, head });
  vi.unstubAllEnvs();
  const text = compareMarkdown([found]);
  expect(text).toMatch(/^-PATH$/m);
  expect(text).not.toMatch(/OS_PASSWORD|GITHUB|VITEST/);
});

test('a side that can not be read says why, and what it would have said counts as nothing', async () => {
  const well = sideOf(project(saying({ 'web-0/x': 'a' }, '"the same"')));
  const fails = `if (process.argv[2] !== 'matrix') { console.error('it is no stack'); process.exit(1); }\n`;
  const broken = sideOf(project(`${fails}console.log("the same")`));
  const change = await compared('prod', { base: well, head: broken });
  expect(change).toMatchObject({
    files: [],
    failures: [{ view: 'policies', why: 'it is no stack' }, { view: 'cost' }, { view: 'render' }],
  });
  expect(isReadable(change)).toBe(false);
  expect(compareMarkdown([change])).toMatch(/^## `prod`: it can no longer be read\n(.|\n)*it is no stack/);
  expect(isReadable(await compared('prod', { base: broken, head: well }))).toBe(true);
});

test('a folder that is no checkout, and an unknown stack, are told', async () => {
  const head = project('');
  const [nowhere, unknown] = await Promise.all([
    berthHere(['compare', temporaryFolder()], head),
    berthHere(['compare', project(''), 'prd'], head),
  ]);
  expect(nowhere).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is no checkout') });
  expect(unknown).toMatchObject({ code: 1, stderr: 'prd has no environment file: there are prod\n' });
});

test('policies and matrix come first; alike changes of several machines are one', () => {
  const file = { kind: 'changed', lines: '@@ -1 +1 @@\n-a\n+b\n' } as const;
  const files = ['files/api-0/x.yaml', 'files/api-1/x.yaml', 'matrix.txt', 'policies.txt'];
  const text = compareMarkdown([
    { stack: 'prod', kind: 'both', failures: [], files: files.map((path) => ({ ...file, path })) },
    { stack: 'preprod', kind: 'both', failures: [], files: [] },
  ]);
  expect(text.match(/<summary>.*<\/summary>|^## .*$/gm)).toEqual([
    '## `prod`: 4 files differ',
    '<summary>policies.txt</summary>',
    '<summary>matrix.txt</summary>',
    '<summary>api-0/x.yaml, and the same for api-1</summary>',
    '## `preprod`: nothing differs',
  ]);
});
