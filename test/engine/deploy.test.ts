import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { up } from '../../src/cli/deploy/up.ts';
import type { EngineStack } from '../../src/cli/engine.ts';
import { findEngine } from '../../tools/lib/engine.ts';
import { engineEnvironment } from '../../tools/lib/place.ts';
import { type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { type Project, temporaryProject } from './engine.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

let project: Project;
let on: EngineStack;

beforeAll(async () => {
  project = await temporaryProject({});
  const { folder } = project;
  const engine = await findEngine(() => undefined);
  const environment = engineEnvironment({ stack: 'test', folder, project: folder }, engine, true);
  on = { stack: 'test', project: folder, folder: engine.folder, environment };
});

afterAll(() => project?.remove());

test('what the engine finished, and what it began and could not finish', async () => {
  await project.program('export const systems = {};');
  expect(await up(on)).toBe('done');
  await project.program(
    `import * as pulumi from '@pulumi/pulumi';\nif (!pulumi.runtime.isDryRun()) throw new pulumi.RunError('it fails');`,
  );
  expect(await up(on)).toBe('failed');
});

test('what it never began, as somebody else deploys the stack', async () => {
  const locks = join(project.folder, 'state/.pulumi/locks/organization/berth/test');
  await mkdir(locks, { recursive: true });
  const lock = { pid: process.pid, username: 'ada', hostname: hostname(), timestamp: new Date().toISOString() };
  await writeFile(join(locks, 'b2f5b9d2-0000-4000-8000-000000000000.json'), JSON.stringify(lock));
  expect(await up(on)).toBe('refused');
  await rm(locks, { recursive: true });
});

describe('a deployment that may not be carried out whole', () => {
  const cloud = 'aws';
  let made: RecordingStack;

  beforeAll(async () => {
    made = await recordingStack();
  });

  afterAll(() => made?.remove());

  /** As `berth deploy` does; gives how it ended, and what providers did besides reading */
  const deploy = async (of: Stack) => {
    await made.write(of);
    const ended = await up({ ...on, project: made.project.folder, environment: made.environment() });
    return { ended, done: made.providers.calls.splice(0) };
  };

  test('is not begun: a removed system and a smaller fleet keep their rules, addresses, disks and places', async () => {
    const own = 'berth:systems';
    const [mad, lostops] = [stackOf('mad', cloud), stackOf('lostops', cloud)];
    const whole = { ...mad, config: { ...mad.config, [own]: { ...systemsOf(mad), ...systemsOf(lostops) } } };
    const first = await deploy(withSecrets(whole));
    expect(first.ended).toBe('done');
    expect(first.done.length).toBeGreaterThan(50);

    // Its version is new: the preview lists that first
    expect(await deploy(withSecrets(stackOf('mad', cloud, {}, { version: '1.1.0' })))).toEqual(nothing);
    const { api } = (systemsOf(mad) as { mad: { api: object } }).mad;
    const smaller = { ...systemsOf(mad), ...systemsOf(lostops) } as { mad: object };
    smaller.mad = { ...smaller.mad, version: '1.1.0', api: { ...api, count: 1 } };
    expect(await deploy(withSecrets({ ...whole, config: { ...whole.config, [own]: smaller } }))).toEqual(nothing);
  });
});

const nothing = { ended: 'refused', done: [] };

const systemsOf = ({ config }: Stack) => config['berth:systems'] as object;
