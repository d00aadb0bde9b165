import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageTag, packagesKey, programKey, recipeKey } from '../../../../../src/clouds/local/images/keys.ts';
import type { Recipe } from '../../../../../src/clouds/local/images/recipes.ts';

let folder: string;
let recipe: Recipe;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-keys-'));
  recipe = { name: 'thing', context: join(folder, 'thing') };
  mkdirSync(join(folder, 'thing/files/etc'), { recursive: true });
  writeFileSync(join(folder, 'thing/Dockerfile'), 'FROM x\n');
  writeFileSync(join(folder, 'thing/files/etc/settings'), 'a\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('an image is named by its recipe and a key', () => {
  expect(imageTag(recipe)).toMatch(/^berth\/thing:[0-9a-f]{12}$/);
});

test('another clone finds what the first one built', () => {
  const clone = mkdtempSync(join(tmpdir(), 'berth-keys-'));
  cpSync(folder, clone, { recursive: true });
  utimesSync(join(clone, 'thing/Dockerfile'), 1, 1);
  expect(recipeKey({ ...recipe, context: join(clone, 'thing') })).toBe(recipeKey(recipe));
  rmSync(clone, { recursive: true });
});

test.each<[string, () => Recipe]>([
  ['a file changes', () => edited('files/etc/settings', 'b\n')],
  ['a file is added', () => edited('files/new', 'a\n')],
  ['a file is renamed', () => renamed()],
  ['a file becomes executable', () => executable('files/etc/settings')],
  ['a build argument changes', () => ({ ...recipe, buildArguments: { VERSION: '2' } })],
  ['a further folder is another', () => ({ ...recipe, source: join(folder, 'thing/files') })],
  ['the artifact changes', () => ({ ...recipe, artifact: 'a:b:1:zip' })],
  ['the program changes', () => ({ ...recipe, program: { name: 'p', package: 'example.org/p' } })],
  ['the parent is another', () => ({ ...recipe, parent: { name: 'parent', context: recipe.context } })],
])('the key is another when %s', (_what, change) => {
  const before = recipeKey(recipe);
  expect(recipeKey(change())).not.toBe(before);
});

test("the key is another when the parent's files change", () => {
  mkdirSync(join(folder, 'parent'));
  writeFileSync(join(folder, 'parent/Dockerfile'), 'FROM x\n');
  const child: Recipe = { ...recipe, parent: { name: 'parent', context: join(folder, 'parent') } };
  const before = recipeKey(child);
  writeFileSync(join(folder, 'parent/Dockerfile'), 'FROM y\n');
  expect(recipeKey(child)).not.toBe(before);
});

test('a program is compiled again for its pins and flags alone', () => {
  const program = { name: 'p', package: 'example.org/p' };
  writeFileSync(join(folder, 'thing/go.mod'), 'module a\n');
  writeFileSync(join(folder, 'thing/go.sum'), '');
  const before = programKey({ ...recipe, program });

  edited('Dockerfile', 'FROM other\n');
  expect(programKey({ ...recipe, program })).toBe(before);
  expect(programKey({ ...recipe, program: { ...program, linkerFlags: '-X a=b' } })).not.toBe(before);
  edited('go.sum', 'example.org/p v1\n');
  expect(programKey({ ...recipe, program })).not.toBe(before);
});

test('npm packages are installed for a lock file alone, and again when it changes', () => {
  expect(packagesKey(recipe)).toBeUndefined();
  edited('package.json', '{}');
  expect(packagesKey(recipe)).toBeUndefined();
  edited('package-lock.json', '{}');
  const before = packagesKey(recipe);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  edited('Dockerfile', 'FROM other\n');
  expect(packagesKey(recipe)).toBe(before);
  edited('package-lock.json', '{ "packages": {} }');
  expect(packagesKey(recipe)).not.toBe(before);
});

function edited(file: string, content: string): Recipe {
  writeFileSync(join(folder, 'thing', file), content);
  return recipe;
}

function executable(file: string): Recipe {
  chmodSync(join(folder, 'thing', file), 0o755);
  return recipe;
}

function renamed(): Recipe {
  rmSync(join(folder, 'thing/files/etc/settings'));
  return edited('files/etc/options', 'a\n');
}
