import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { messageOf } from '../../src/cli/deploy/order.ts';
import { turnOf } from '../../src/cli/deploy/turn.ts';
import { deployOnce } from '../../src/cli/deploy/up.ts';
import { stackHistory, type Update } from '../../src/cli/history.ts';
import { checkout } from '../../src/paths.ts';
import { findEngine } from '../../src/pulumi/engine.ts';
import { engineEnvironment } from '../../src/pulumi/place.ts';
import type { EngineStack } from '../../src/pulumi/stack.ts';
import { type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { type Project, temporaryProject } from './engine.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

let project: Project;
let on: EngineStack;

/** The first lines of a program that asks as berth's own does whether it may go on */
const asking = `
  import * as pulumi from '@pulumi/pulumi';
  import { existsSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { load } from ${JSON.stringify(join(checkout, 'src/start/esbuild.js'))};
  const { passGate } = await load('src/gate.ts');
  await passGate().catch((error) => { throw new pulumi.RunError(error.message); });
`;

beforeAll(async () => {
  project = await temporaryProject({});
  const { folder } = project;
  const engine = await findEngine(() => undefined);
  const environment = engineEnvironment({ stack: 'test', folder, project: folder }, engine, true);
  on = { stack: 'test', project: folder, folder: engine.folder, environment };
});

afterAll(() => project?.remove());

/** A deployment that is thought out for what the stack is now: each call runs the engine once */
async function thoughtOut(stack = on): Promise<() => ReturnType<typeof deployOnce>> {
  const [last] = await stackHistory(stack, 1);
  const stands = (now?: Update) => isDeepStrictEqual(now, last);
  return () => deployOnce(stack, { message: messageOf(new Date()), stands });
}

const once = async (stack = on) => (await thoughtOut(stack))();

test('what the engine finished, and what it began and could not finish', async () => {
  await project.program('export const systems = {};');
  expect(await once()).toBe('done');
  await project.program(
    `import * as pulumi from '@pulumi/pulumi';\nif (!pulumi.runtime.isDryRun()) throw new pulumi.RunError('it fails');`,
  );
  expect(await once()).toBe('failed');
});

test('what it never began, as somebody else deploys the stack', async () => {
  const locks = join(project.folder, 'state/.pulumi/locks/organization/berth/test');
  await mkdir(locks, { recursive: true });
  const lock = { pid: process.pid, username: 'ada', hostname: hostname(), timestamp: '2026-11-28T20:14:05Z' };
  await writeFile(join(locks, 'b2f5b9d2-0000-4000-8000-000000000000.json'), JSON.stringify(lock));
  expect(await once()).toEqual({ locked: `ada@${hostname()}, process ${process.pid}, since 2026-11-28T20:14:05Z` });
  await rm(locks, { recursive: true });
});

describe('two deployments at once', () => {
  /** Begins one that goes on until it is let, and waits until it has the lock */
  async function first(): Promise<() => Promise<unknown>> {
    await project.program(`${asking}
      while (!existsSync('go-on')) await setTimeout(100);
    `);
    await rm(join(project.folder, 'go-on'), { force: true });
    const running = once();
    const locks = join(project.folder, 'state/.pulumi/locks/organization/berth/test');
    await vi.waitUntil(async () => (await readdir(locks).catch(() => [])).length > 0, 60_000);
    return async () => {
      await writeFile(join(project.folder, 'go-on'), '');
      return running;
    };
  }

  const turn = (said: string[], seconds: number) => turnOf({ stack: 'test', seconds, say: (line) => said.push(line) });

  test('the second waits, says for whom, and finds that the stack is not as it was read: nothing is changed', async () => {
    const letOn = await first();
    const said: string[] = [];
    const second = turn(said, 120)(await thoughtOut());
    await vi.waitUntil(() => said.length > 0, 60_000);
    expect(await letOn()).toBe('done');
    const updates = (await stackHistory(on, 50)).length;
    expect(await second).toBe('moved');
    expect(said[0]).toMatch(
      /^stack test is locked by \S+@\S+, process \d+, since \S+: waiting for it to end, 0 of 2 min$/,
    );
    expect(await stackHistory(on, 50)).toHaveLength(updates);
  });

  test('the second waits no longer than it may, and the first goes on', async () => {
    const letOn = await first();
    const said: string[] = [];
    expect(await turn(said, 0)(once)).toMatchObject({ locked: expect.stringContaining(`@${hostname()}`) });
    expect(said).toEqual([expect.stringContaining('waited 0 of 0 min')]);
    expect(await letOn()).toBe('done');
  });

  test('what ended between the look and the lock is not gone over', async () => {
    await project.program(asking);
    const late = await thoughtOut();
    expect(await once()).toBe('done');
    expect(await late()).toBe('moved');
    expect(await once()).toBe('done');
  });
});

describe('a deployment that may not be carried out whole', () => {
  const cloud = 'aws';
  let made: RecordingStack;

  beforeAll(async () => {
    made = await recordingStack();
  });

  afterAll(() => made?.remove());

  const recorded = () => ({ ...on, project: made.project.folder, environment: made.environment() });

  /** As `berth deploy` does; gives how it ended, and what providers did besides reading */
  const deploy = async (of: Stack, run: (stack: EngineStack) => ReturnType<typeof deployOnce> = once) => {
    await made.write(of);
    const ended = await run(recorded());
    return { ended, done: made.providers.calls.splice(0) };
  };

  test("is not begun: berth's own program asks before it makes anything whether the stack is as it was read", async () => {
    const late = (stack: EngineStack) => deployOnce(stack, { message: messageOf(new Date()), stands: () => false });
    expect(await deploy(withSecrets(stackOf('mad', cloud)), late)).toEqual({ ended: 'moved', done: [] });
  });

  test('is not begun: a removed system keeps its rules, addresses, disks and places', async () => {
    const own = 'berth:systems';
    const [mad, lostops] = [stackOf('mad', cloud), stackOf('lostops', cloud)];
    const whole = { ...mad, config: { ...mad.config, [own]: { ...systemsOf(mad), ...systemsOf(lostops) } } };
    const first = await deploy(withSecrets(whole));
    expect(first.ended).toBe('done');
    expect(first.done.length).toBeGreaterThan(50);

    // Its version is new: the preview lists that first
    expect(await deploy(withSecrets(stackOf('mad', cloud, {}, { version: '1.1.0' })))).toEqual(nothing);
  });
});

const nothing = { ended: 'refused', done: [] };

const systemsOf = ({ config }: Stack) => config['berth:systems'] as object;
