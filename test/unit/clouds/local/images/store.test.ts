import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recipeKey } from '../../../../../src/clouds/local/images/keys.ts';
import { here } from '../../../../../src/clouds/local/images/recipes.ts';
import { storedReference } from '../../../../../src/clouds/local/images/store.ts';
import type { StandIn } from '../../../../../src/clouds/local/images/table.ts';

const hash = 'ab'.repeat(32);
const standIn: StandIn = {
  production: 'registry.example.org/thing:1.0.0',
  pulledWherePossible: false,
  recipe: { name: 'thing', context: here('registry') },
};
const { name } = standIn.recipe;
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'berth-store-'));
  vi.stubEnv('BERTH_CACHE', cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

test('an image whose digest is recorded and whose manifest is stored is named by digest', () => {
  recordDigest();
  storeManifest();
  expect(storedReference(standIn)).toBe(`registry.berth.test:5000/${name}@sha256:${hash}`);
});

test('an image that was never stored has no reference', () => {
  expect(storedReference(standIn)).toBeUndefined();
});

test('a push that was cut short does not count', () => {
  storeManifest();
  expect(storedReference(standIn)).toBeUndefined();
});

test('a record does not count once the registry data is gone', () => {
  recordDigest();
  expect(storedReference(standIn)).toBeUndefined();
});

function recordDigest(): void {
  write(`images/${name}-${recipeKey(standIn.recipe)}`, `sha256:${hash}\n`);
}

function storeManifest(): void {
  const storage = 'registry/docker/registry/v2';
  write(`${storage}/blobs/sha256/ab/${hash}/data`, '{}');
  write(`${storage}/repositories/${name}/_manifests/revisions/sha256/${hash}/link`, `sha256:${hash}`);
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(cache, path)), { recursive: true });
  writeFileSync(join(cache, path), content);
}
