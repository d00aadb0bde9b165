import { afterAll, beforeAll, expect, type TestContext, test, vi } from 'vitest';
import { eventually } from '../../../../test/e2e/client.ts';
import { docker, required, serviceImage } from '../../../../test/render/docker.ts';
import { type Members, members } from './sentinels/members.ts';
import { api, writing } from './sentinels/writing.ts';

// Three machines of Mad's Redis with TLS, each with its Redis and its Sentinel as a release starts them, and the client of
// the API's image that asks them.

/** What a quiet computer keeps, with room for what else runs on the same processors: up to a dozen other test files */
const withRoom = (seconds: number): number => 6 * seconds;

vi.setConfig({ testTimeout: 600_000 });

let redis: Members;

beforeAll(async () => {
  redis = await members();
});
afterAll(() => redis?.remove());

/** Starts what is not running, and returns the master once both others follow it */
async function allUp(context: TestContext): Promise<number> {
  required(redis.image, context);
  required(await serviceImage(api().image), context);
  // A replica is healthy once its master answers
  await Promise.all([0, 1, 2].map(redis.up));
  const master = await inStep();
  // They ask it each ten seconds who follows it, and can't ask one that is gone
  const known = () => Promise.all([0, 1, 2].map(redis.knowsAll));
  expect(await eventually(withRoom(15), known, (all) => all.every(Boolean))).toEqual([true, true, true]);
  return master;
}

async function inStep(): Promise<number> {
  const roles = () => Promise.all([0, 1, 2].map(redis.role));
  const settled = (found: readonly string[]) => [...found].sort().join() === 'master,replica,replica';
  const found = await eventually(withRoom(30), roles, settled);
  expect([...found].sort()).toEqual(['master', 'replica', 'replica']);
  return found.indexOf('master');
}

test('the master is killed: writes go on soon, no record is lost that was acknowledged, and it comes back as a replica', async (context) => {
  const killed = await allUp(context);
  const others = [0, 1, 2].filter((index) => index !== killed);
  const writer = await writing(redis);
  await writer.acknowledged(20);
  await redis.kill(killed);
  const masters = async () => (await Promise.all(others.map(redis.role))).filter((role) => role === 'master').length;
  expect(await eventually(withRoom(10), masters, (count) => count === 1)).toBe(1);
  await writer.acknowledged(20);
  const { lost, longestGapMs } = await writer.end();
  console.info(`the master of three was killed: ${(longestGapMs / 1000).toFixed(1)} s without an acknowledged record`);
  expect(lost).toBe(0);
  expect(longestGapMs).toBeLessThan(withRoom(10) * 1000);
  // As a machine that has been made anew, without its data
  await redis.forget(killed);
  expect(await allUp(context)).not.toBe(killed);
  expect(await redis.keys(killed)).toBeGreaterThan(40);
});

test('a release of one machine after another leaves one master, and loses nothing', async (context) => {
  await allUp(context);
  const writer = await writing(redis);
  await writer.acknowledged(10);
  for (const index of [0, 1, 2]) {
    await redis.release(index);
    await inStep();
  }
  await writer.acknowledged(10);
  expect((await writer.end()).lost).toBe(0);
});

test('all have lost power: the master of before is it again, with its data', async (context) => {
  const [former, keys] = [await allUp(context), await redis.keys(0)];
  await Promise.all([0, 1, 2].map(redis.kill));
  expect(await allUp(context)).toBe(former);
  expect(await redis.keys(0)).toBeGreaterThanOrEqual(keys);
});

test('a Sentinel obeys nobody without the password', async (context) => {
  await allUp(context);
  const told = await docker(
    'exec',
    '--env',
    'REDISCLI_AUTH=',
    redis.container('sentinel', 0),
    ...redis.sentinelCli,
    'ping',
  );
  expect(told.output).toContain('NOAUTH');
});
