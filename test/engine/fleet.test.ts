import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOf, withSecrets } from '../stack/samples.ts';
import { machines, type RecordingStack, recordingStack } from './recordingStack.ts';

const sizes = { openstack: 'b2-7', azure: 'Standard_B2s', aws: 't3.medium' } as const;
const clouds = ['openstack', 'azure', 'aws'] as const;

/** Mad with so many machines of its API, and of its page */
const fleet = (cloud: keyof typeof sizes, count: number, own: object = {}, rolling: object = {}) => {
  const size = sizes[cloud];
  return withSecrets(stackOf('mad', cloud, {}, { api: { count, size, ...rolling }, web: { count, size }, ...own }));
};

const released = (done: RecordedCalls, role: string): readonly string[] =>
  done.flatMap(({ does, name }) =>
    does === 'update' ? (new RegExp(`^mad-(${role}-.*)-release$`).exec(name)?.[1] ?? []) : [],
  );

type RecordedCalls = Awaited<ReturnType<RecordingStack['run']>>['done'];

describe('a fleet of four, released one after another', () => {
  let made: RecordingStack;
  const up = (version: string, ...args: string[]) => made.run('up', fleet('openstack', 4, { version }), ...args);

  beforeAll(async () => {
    made = await recordingStack();
    const { run } = await up('1.0.0');
    expect(run.code, run.output).toBe(0);
  });

  afterAll(() => made?.remove());

  test('the first bad machine stops the rest, and whoever calls them', async () => {
    made.providers.failUpdate('mad-api-1-release', 'the new version is not healthy');
    const { run, done } = await up('1.1.0');
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('the new version is not healthy');
    expect(released(done, 'api')).toEqual(['api-0', 'api-1']);
    expect(released(done, 'balancer')).toEqual([]);
  });

  test('the next deployment begins with the machines that are behind', async () => {
    const { run, done } = await up('1.2.0');
    expect(run.code, run.output).toBe(0);
    expect(released(done, 'api')).toEqual(['api-1', 'api-2', 'api-3', 'api-0']);
  });

  test('another order of machines is no change', async () => {
    const { run, done } = await up('1.2.0', '--expect-no-changes');
    expect(run.code, run.output).toBe(0);
    expect(done).toEqual([]);
  });
});

describe.each(clouds)('a smaller fleet on %s', (cloud) => {
  const { type } = machines[cloud];
  let made: RecordingStack;

  beforeAll(async () => {
    made = await recordingStack();
    const { run } = await made.run('up', fleet(cloud, 4));
    expect(run.code, run.output).toBe(0);
  });

  afterAll(() => made?.remove());

  test('a number is enough: machines go once their balancer sends them nothing, and no others', async () => {
    const { run, done } = await made.run('up', fleet(cloud, 1));
    expect(run.code, run.output).toBe(0);
    const told = done.findIndex(({ does, name }) => does === 'update' && name === 'mad-balancer-0-release');
    const gone = done.flatMap((call, at) => (call.does === 'delete' && call.type === type ? [{ at, ...call }] : []));
    expect(gone.map(({ name }) => name).sort()).toEqual(
      ['api', 'web'].flatMap((role) => [1, 2, 3].map((index) => `mad-${role}-${index}`)),
    );
    expect(told).toBeGreaterThanOrEqual(0);
    expect(Math.min(...gone.map(({ at }) => at))).toBeGreaterThan(told);
    const left = done.filter(({ does }) => does === 'delete').map(({ name }) => name);
    expect(left.filter((name) => !/^mad-(api|web)-[123]/.test(name))).toEqual([]);
    if (cloud !== 'aws') return;
    // Behind a balancer of the cloud's, requests under way have their time in between
    for (const index of [1, 2, 3]) {
      const ending = left.filter((name) => new RegExp(`^mad-web-${index}(-in-|-from-|$)`).test(name));
      expect(ending).toEqual([`mad-web-${index}-in-front`, `mad-web-${index}-from-front`, `mad-web-${index}`]);
    }
  });

  test('a machine more is in the balancer once its own release is live', async () => {
    const { run, done } = await made.run('up', fleet(cloud, 2));
    expect(run.code, run.output).toBe(0);
    const place = (name: string) => done.findIndex((call) => call.name === name);
    expect(place('mad-api-1-release')).toBeGreaterThanOrEqual(0);
    expect(place('mad-balancer-0-release')).toBeGreaterThan(place('mad-api-1-release'));
    const attached = cloud === 'aws' ? 'mad-web-1-in-front' : 'mad-front-0-release';
    expect(place(attached)).toBeGreaterThan(place('mad-web-1-release'));
  });
});
