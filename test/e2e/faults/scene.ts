import { afterAll, beforeAll, expect } from 'vitest';
import { parse, stringify } from 'yaml';
import {
  changed,
  type Entries,
  entriesOf,
  type LastRelease,
  lastRelease,
  releaseIn,
  renamed,
  type Sent,
  send,
  withRelease,
} from '../byHand.ts';
import { type Client, client, eventually } from '../client.ts';
import { load } from '../load.ts';
import { inMachine, type TestStack, testStack } from '../stack.ts';

/** A machine with Basegun, and two releases for it */
export interface Scene {
  stack: TestStack;
  site: Client;
  releases: { '3.3.0': LastRelease; '3.3.1': LastRelease };
}

export type Version = keyof Scene['releases'];

/** Makes one scene for all tests of a file, and removes it after them */
export function sceneOfFile(): () => Scene {
  let scene: Scene;
  beforeAll(async () => {
    scene = await makeScene();
  });
  afterAll(async () => {
    scene?.site.close();
    await scene?.stack.remove();
  });
  return () => scene;
}

/** Boots a machine with 3.3.0, and makes 3.3.1 as berth would render it, except for hashes in names */
export async function makeScene(): Promise<Scene> {
  const stack = await testStack();
  try {
    const first = await stack.up();
    expect(first.code, first.output).toBe(0);
    const release = await lastRelease(stack);
    const former = changed(release, (entries) => withRelease(entries, (one) => ({ ...one, drainSeconds: 1 })));
    const releases = { '3.3.0': former, '3.3.1': changed(former, (entries) => nextVersion(entries, stack)) };
    const site = await client(stack, release.host);
    // The machine gets its certificate a little later
    const answer = await eventually(
      30,
      () => site.get('/api/version'),
      ({ status }) => status === 200,
    );
    expect(answer).toMatchObject({ status: 200, body: '3.3.0' });
    return { stack, releases, site };
  } catch (error) {
    await stack.remove();
    throw error;
  }
}

/** Returns the release that is not live: 3.3.0 or 3.3.1 */
export async function other({ releases, site }: Scene): Promise<{ release: LastRelease; version: Version }> {
  const { body } = await site.get('/api/version');
  const version = body === '3.3.0' ? '3.3.1' : '3.3.0';
  return { release: releases[version], version };
}

/**
 * Runs an action and asserts that no request fails meanwhile, and that version and containers are the same afterwards
 */
export async function underLoad<T>(scene: Scene, action: () => Promise<T>): Promise<T> {
  const before = await standing(scene);
  const traffic = load(scene.site, 20);
  const result = await action().finally(async () => {
    const { failures } = await traffic.stop();
    expect(failures).toEqual([]);
  });
  expect(await standing(scene)).toEqual(before);
  return result;
}

/** Returns the versions of backend and frontend, as a visitor sees them, and all containers */
export async function standing({ site, stack }: Scene): Promise<{ versions: string[]; containers: string }> {
  const containers = await inMachine(
    stack,
    'docker ps --all --no-trunc --format "{{.Names}} {{.ID}} {{.State}}" | sort',
  );
  return { versions: await versions(site), containers };
}

/**
 * Returns the versions of backend and frontend once they agree: the reverse proxy loads new routes within half a second
 */
export const versions = (site: Client): Promise<string[]> =>
  eventually(
    3,
    async () => [(await site.get('/api/version')).body, /\d+\.\d+\.\d+/.exec((await site.get('/')).body)?.[0] ?? ''],
    ([backend, frontend]) => backend === frontend,
  );

/** Sends the release that is not live, with changed entries */
export async function sendChanged(scene: Scene, change: (entries: Entries) => Entries): Promise<Sent> {
  const { release } = await other(scene);
  return send(changed(release, change)).done;
}

/** Returns a bundle's entries with one of them changed. @throws if it does not exist or does not change */
export function edited(entries: Entries, name: string, edit: (text: string) => string): Entries {
  const text = entries[name];
  if (text === undefined) throw new Error(`the bundle has no ${name}: ${Object.keys(entries).join(', ')}`);
  const result = edit(text);
  if (result === text) throw new Error(`nothing of ${name} has changed:\n${text}`);
  return { ...entries, [name]: result };
}

/** Returns a bundle's entries with one service of a compose file changed */
export function editedService(
  entries: Entries,
  name: string,
  change: Record<string, unknown>,
  project = 'colours',
): Entries {
  const edit = (text: string) => {
    const file = parse(text) as { services: Record<string, { environment: Record<string, string> }> };
    const service = file.services[name];
    if (!service) throw new Error(`there is no service ${name} in ${text}`);
    const environment = { ...service.environment, ...(change.environment as Record<string, string> | undefined) };
    return stringify({ ...file, services: { ...file.services, [name]: { ...service, ...change, environment } } });
  };
  return edited(entries, `${project}.yaml`, edit);
}

/**
 * Returns a bundle's entries with another definition of a service, so that the release recreates it; nothing else
 * changes
 */
export function anew(entries: Entries, service: string): Entries {
  const turned = (hash: string) => `${hash.slice(1)}${hash[0]}`;
  const names = [definition(entries, service), releaseName(entries)];
  return names.reduce((all, name) => renamed(all, name, turned(name)), entries);
}

/** Returns the secrets of a release: those of its services, and the deploy key */
export const secretsIn = (release: LastRelease): string[] =>
  [...(JSON.parse(entriesOf(release)['secrets.json'] ?? '') as string[]), ...release.privateKey.split('\n')].filter(
    (line) => line.length >= 16 && !line.startsWith('-----'),
  );

function nextVersion(entries: Entries, { images }: TestStack): Entries {
  const image = (name: string, version: string) =>
    images.images[`ghcr.io/datalab-mi/basegun/basegun-${name}:${version}`] ?? '';
  const names: [string, string][] = [
    ['3.3.0', '3.3.1'],
    ...['backend', 'frontend'].map((name): [string, string] => [image(name, '3.3.0'), image(name, '3.3.1')]),
    ...['backend', 'frontend'].map((name): [string, string] => [
      definition(entries, name),
      another(definition(entries, name)),
    ]),
    [releaseName(entries), another(releaseName(entries))],
  ];
  return names.reduce((all, [from, to]) => renamed(all, from, to), entries);
}

const definition = (entries: Entries, service: string): string =>
  releaseIn(entries).services.find(({ name }) => name === service)?.definition ?? '';

const releaseName = (entries: Entries): string => releaseIn(entries).name;

/** Returns another hash of the same length */
const another = (hash: string): string => [...hash].reverse().join('');
