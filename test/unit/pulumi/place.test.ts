import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { engineEnvironment, preparePlace } from '../../../src/pulumi/place.ts';

const engine = { folder: '/opt/engine/bin', origin: 'a test' };
const newPlace = () => ({ stack: 'local', folder: mkdtempSync(join(tmpdir(), 'berth-place-')), project: '/project' });

afterEach(() => vi.unstubAllEnvs());

test('a passphrase is made once, and only its owner can read it', async () => {
  const place = newPlace();
  await preparePlace(place, engine);
  const file = join(place.folder, 'passphrase');
  const first = readFileSync(file, 'utf8');
  await preparePlace(place, engine);
  expect(readFileSync(file, 'utf8')).toBe(first);
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the engine by hand is the engine that set-up found, also after that one has changed', async () => {
  const place = newPlace();
  await preparePlace(place, engine);
  await preparePlace(place, { ...engine, folder: '/opt/newer/bin' });
  expect(readlinkSync(join(place.folder, 'home/versions/3.265.0'))).toBe('/opt/newer');
});

test('the engine finds no folder for its automatic logs, also where an earlier version left one', async () => {
  const place = newPlace();
  mkdirSync(join(place.folder, 'home/logs'), { recursive: true });
  writeFileSync(join(place.folder, 'home/logs/pulumi-20261129T100000-1-preview.log'), '');
  for (let run = 0; run < 2; run++) {
    await preparePlace(place, engine);
    expect(statSync(join(place.folder, 'home/logs')).isFile()).toBe(true);
  }
});

test("the user's own Pulumi account, passphrase and backend have no part in a local stack", () => {
  vi.stubEnv('PULUMI_ACCESS_TOKEN', 'pul-1');
  vi.stubEnv('PULUMI_CONFIG_PASSPHRASE', 'mine');
  vi.stubEnv('PULUMI_BACKEND_URL', 's3://states');
  const place = newPlace();
  const environment = engineEnvironment(place, engine, false);
  expect(environment).not.toHaveProperty('PULUMI_ACCESS_TOKEN');
  expect(environment).not.toHaveProperty('PULUMI_CONFIG_PASSPHRASE');
  expect(environment.PULUMI_BACKEND_URL).toBe(`file://${place.folder}/state`);
  expect(environment.PATH?.split(':')[0]).toBe('/opt/engine/bin');
});

test('only where nothing can be downloaded is the engine told not to try', () => {
  const flag = 'PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION';
  expect(engineEnvironment(newPlace(), engine, true)).toHaveProperty(flag, 'true');
  expect(engineEnvironment(newPlace(), engine, false)).not.toHaveProperty(flag);
});
