import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { credentials, deployKey, type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import type { Command } from './engine.ts';
import { machines, type RecordingStack, recordingStack } from './recordingStack.ts';

/** Sizes to begin with and to change to, and what a newer image would be, where the program asks for one */
const clouds = {
  openstack: {
    ...{ size: 'b2-7', larger: 'b2-15' },
    image: { token: 'openstack:images/getImage:getImage', newer: { id: 'a-newer-image' } },
  },
  azure: { size: 'Standard_B2s', larger: 'Standard_B4ms', image: undefined },
  aws: {
    ...{ size: 't3.medium', larger: 't3.large' },
    image: { token: 'aws:ec2/getAmi:getAmi', newer: { id: 'ami-newer' } },
  },
};

/** With several machines that call each other: an API behind an nginx of ours, pages, a cache */
const stack = (cloud: keyof typeof clouds, own: object = {}) => withSecrets(stackOf('mad', cloud, {}, own));

describe.each(['openstack', 'azure', 'aws'] as const)('mad on %s, by the real engine', (cloud) => {
  const { type } = machines[cloud];
  const { image, size, larger } = clouds[cloud];
  const fleet = (count: number) => ({ api: { count, size: larger } });
  const least = { version: '1.1.0', ...fleet(1), web: { count: 1, size }, allowDestroy: true };
  let made: RecordingStack;
  let eventLog = '';

  beforeAll(async () => {
    made = await recordingStack();
  });

  afterAll(() => made?.remove());

  const engine = (command: Command, of: Stack, ...args: string[]) => made.run(command, of, ...args);

  test('a preview makes nothing, and an up makes everything', async () => {
    const preview = await engine('preview', stack(cloud));
    expect(preview.run.code, preview.run.output).toBe(0);
    expect(preview.done).toEqual([]);
    const up = await engine('up', stack(cloud));
    expect(up.run.code, up.run.output).toBe(0);
    // Its first event is the stack's file, which has no encrypted secrets here
    eventLog = JSON.stringify(up.run.events.filter((event) => !('preludeEvent' in event)));
    expect(new Set(up.done.map(({ does }) => does))).toEqual(new Set(['create']));
    expect(Object.keys(up.changed).sort()).toEqual(Object.keys(preview.changed).sort());
  });

  test('neither the state nor the log of events holds a secret in clear', async () => {
    const state = await made.project.stateText();
    expect(state).toContain('mad-api-0-release');
    const own = [deployKey.split('\n')[2] ?? '', 'Hunter2-', 'the private half of', 'the-secret-key'];
    const login = Object.values(credentials).filter((value) => /password|secret/.test(value));
    expect(eventLog).toContain('mad-api-0-release');
    for (const secret of [...own, ...login])
      expect([state.includes(secret), eventLog.includes(secret)], secret.slice(0, 8)).toEqual([false, false]);
    expect(own[0]?.length).toBeGreaterThan(40);
  });

  test('a second up changes nothing', async () => {
    const { run, done } = await engine('up', stack(cloud), '--expect-no-changes');
    expect(run.code, run.output).toBe(0);
    expect(done).toEqual([]);
  });

  test('a new version is new releases, and nothing else', async () => {
    const { run, done } = await engine('up', stack(cloud, { version: '1.1.0' }));
    expect(run.code, run.output).toBe(0);
    expect(done.filter(({ does, name }) => !(does === 'update' && name.endsWith('-release')))).toEqual([]);
    const released = ['api-0', 'api-1', 'client-0', 'client-1', 'web-0', 'web-1'].map((name) => `mad-${name}-release`);
    expect(done.map(({ name }) => name)).toEqual(expect.arrayContaining(released));
  });

  test('a new size is a change in place', async () => {
    const { run, done } = await engine('up', stack(cloud, { version: '1.1.0', ...fleet(2) }));
    expect(run.code, run.output).toBe(0);
    const sorted = [...done].sort((a, b) => a.name.localeCompare(b.name));
    expect(sorted).toEqual([0, 1].map((index) => ({ does: 'update', type, name: `mad-api-${index}` })));
  });

  if (image) {
    test('a newer image changes nothing', async () => {
      made.providers.answer(image.token, () => image.newer);
      const { run, done } = await engine('up', stack(cloud, { version: '1.1.0', ...fleet(2) }), '--expect-no-changes');
      expect(run.code, run.output).toBe(0);
      expect(done).toEqual([]);
    });
  }

  test('a machine that its cloud failed to make is made again by the next up', async () => {
    const reason = 'No valid host was found. There are not enough hosts available.';
    made.providers.failHalfWay(type, 'mad-api-2', reason);
    const now = stack(cloud, { version: '1.1.0', ...fleet(3) });
    const failed = await engine('up', now);
    expect(failed.run.code).not.toBe(0);
    expect(failed.run.output).toContain(reason);
    const again = await engine('up', now);
    expect(again.run.code, again.run.output).toBe(0);
    const machine = again.done.filter((call) => call.type === type).map(({ does, name }) => `${does} ${name}`);
    expect(machine).toEqual(['delete mad-api-2', 'create mad-api-2']);
    expect((await engine('up', now, '--expect-no-changes')).run.code).toBe(0);
  });

  test('what is protected is neither made anew nor destroyed by accident', async () => {
    const now = stack(cloud, { version: '1.1.0', ...fleet(3) });
    const replaced = await engine('up', now, '--replace', await urnOf('mad-api-0'));
    // Without the preview that `pulumi destroy` begins with, which would have stopped it before anything went
    const destroyed = await engine('destroy', now);
    for (const { run, done } of [replaced, destroyed]) {
      expect(run.code).not.toBe(0);
      expect(run.output).toMatch(/protect/);
      // Machines by which a fleet grows are not protected, so that a smaller number is enough to delete them
      const gone = done.filter((call) => call.does === 'delete' && call.type === type);
      expect(gone.filter(({ name }) => name.endsWith('-0'))).toEqual([]);
    }
    expect(replaced.done).toEqual([]);
  });

  test('a machine that is made anew runs its host steps again, and the others none', async () => {
    const now = stack(cloud, { version: '1.1.0', ...fleet(3), allowDestroy: true });
    const { run } = await engine('up', now);
    expect(run.code, run.output).toBe(0);
    const anew = await engine('up', now, '--replace', await urnOf('mad-api-0'));
    expect(anew.run.code, anew.run.output).toBe(0);
    expect(anew.changed).toMatchObject({
      ...{ 'mad-api-0': 'replace', 'mad-api-0-ready': 'replace', 'mad-api-0-release': 'replace' },
    });
    const others = Object.keys(anew.changed).filter(
      (name) => /-(ready|release)$/.test(name) && !name.includes('api-0'),
    );
    expect(others).toEqual([]);
    const order = anew.done.filter((call) => call.type === type).map(({ does }) => does);
    expect(order, 'it keeps its address').toEqual(['delete', 'create']);
  });

  test('a machine leaves once nobody sends it requests any more', async () => {
    const { run, done } = await engine('up', stack(cloud, least));
    expect(run.code, run.output).toBe(0);
    const told = done.findIndex(({ does, name }) => does === 'update' && name === 'mad-balancer-0-release');
    const gone = done.findIndex((call) => call.does === 'delete' && call.type === type && call.name === 'mad-api-1');
    expect(told).toBeGreaterThanOrEqual(0);
    expect(gone).toBeGreaterThan(told);
    const left = done.filter((call) => call.does === 'delete').map(({ name }) => name);
    expect(left.filter((name) => !/-(api|web)-.*[12]/.test(name))).toEqual([]);
    if (cloud !== 'aws') return;
    // Behind a balancer of the cloud's, requests under way have their time in between
    const ending = left.filter((name) => /^mad-web-1(-in-|-from-|$)/.test(name));
    expect(ending).toEqual(['mad-web-1-in-front', 'mad-web-1-from-front', 'mad-web-1']);
  });

  test('destroy goes in an order that the cloud accepts: nothing goes that something else still names', async () => {
    const { run, done } = await engine('destroy', stack(cloud, least));
    expect(run.code, run.output).toBe(0);
    expect(done.every(({ does }) => does === 'delete')).toBe(true);
    expect((await made.project.resources()).filter(({ custom }) => custom)).toEqual([]);
  });

  const urnOf = async (name: string): Promise<string> =>
    (await made.project.resources()).find((resource) => resource.type === type && resource.urn.endsWith(`::${name}`))
      ?.urn ?? '';
});
