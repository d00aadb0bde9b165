import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRendering } from '../../../src/cli/render/folder.ts';
import { berth, berthHere, notReady, put, temporaryFolder } from './berth.ts';

test('everything that would be written can be read without engine, account, network or secret', async () => {
  // PATH holds nothing: not even an engine could be asked
  const run = await berth(['render', 'preprod'], undefined, { PATH: '', HOME: '/nonexistent' });
  expect({ ...run, stdout: '' }).toEqual({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`${notReady('preprod').source}$`)),
  });
  for (const path of ['user-data.yaml', 'colours.yaml', 'release.json', 'files/etc/berth/firewall.nft.conf']) {
    expect(run.stdout).toContain(`==> basegun-web-0/${path} <==\n`);
  }
  expect(run.stdout).toContain('ed25519_private: <hostKey>');
});

test('a folder holds exactly what is printed', async () => {
  const out = join(temporaryFolder(), 'rendered');
  const basegun = ['render', 'prod', '--system', 'basegun'];
  const [printed, written] = [await berthHere(basegun), await berthHere([...basegun, '--out', out])];
  const files = filesBelow(out);
  expect(files.map((path) => `==> ${path} <==`)).toEqual(printed.stdout.match(/^==> .* <==$/gm));
  expect(written.stdout).toBe(`${out}/basegun-web-0: ${files.length} files\n`);
});

test('a system that the environment lacks is said with those it has', async () => {
  const { code, stderr } = await berthHere(['render', 'prod', '--system', 'basgun']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/\nprod has no system "basgun": it has basegun, lostops, mad, catalogage\n$/),
  });
});

test('files of the former rendering go, with the folders that they leave empty; nobody else’s do', () => {
  const folder = temporaryFolder();
  writeRendering(folder, { 'a/one': '1', 'a/deep/two': '2', 'b/three': '3' });
  put(folder, 'a/notes', 'mine');
  expect(writeRendering(folder, { 'b/three': '4' })).toEqual({
    written: ['b/three'],
    removed: ['a/deep/two', 'a/one'],
  });
  expect(filesBelow(folder)).toEqual(['a/notes', 'b/three']);
  expect(readdirSync(join(folder, 'a'))).toEqual(['notes']);
  expect(readFileSync(join(folder, 'b/three'), 'utf8')).toBe('4');
});

test('a folder with other things is refused and left alone', () => {
  const folder = temporaryFolder();
  put(folder, 'thesis.tex', 'mine');
  expect(() => writeRendering(folder, { 'thesis.tex': '' })).toThrow('holds files that berth render did not write');
  expect(readFileSync(join(folder, 'thesis.tex'), 'utf8')).toBe('mine');
});

test('a list that was tampered with leads nowhere outside the folder', () => {
  const folder = temporaryFolder();
  put(folder, 'precious', 'mine');
  put(folder, 'out/.berth-render', `../precious\n${join(folder, 'precious')}\na/../../precious\n`);
  writeRendering(join(folder, 'out'), { 'a/one': '1' });
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('mine');
});

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== '.berth-render' && statSync(join(folder, path)).isFile())
    .sort();
