import { expect, test } from 'vitest';
import { eventually } from '../../../../../test/e2e/client.ts';
import { drift } from '../../../../../test/e2e/drift.ts';
import { releaseUrn } from '../../../../../test/e2e/inspect.ts';
import { actions } from './actions.ts';
import type { Scene } from './scene.ts';
import { visits } from './visits.ts';

/** Releases of commits, drift and the rollback, each test on what the former one left */
export function releases(scene: () => Scene): void {
  const { hostState, machine, release, serving } = actions(scene);

  test('a second up changes nothing, and the release itself finds that it is in place', async () => {
    const before = await hostState();
    const second = await scene().stack.up('--expect-no-changes');
    expect(second.code, second.output).toBe(0);
    const again = await scene().stack.up('--target-replace', await releaseUrn(scene().stack));
    expect(again.code, again.output).toBe(0);
    expect(again.output).not.toContain('new containers');
    expect(await hostState()).toBe(before);
  });

  test('a process, a build and a unit that somebody took away are told', async () => {
    expect(await drift(scene().stack)).toEqual([]);
    const [build] = (await machine('ls /srv/berth/catalogage/builds/*.commit')).split('\n');
    const program = (await machine("supervisorctl status | awk '/client/ { print $1 }'")).trim();
    await machine(`supervisorctl stop ${program}; mv ${build} /root/kept; systemctl stop nginx.service`);
    try {
      const found = await drift(scene().stack);
      const name = build?.slice(build.lastIndexOf('/') + 1, -'.commit'.length);
      expect(found).toContainEqual({ kind: 'process', what: 'client', difference: `its build ${name} is missing` });
      expect(found).toContainEqual({
        kind: 'process',
        what: program,
        difference: 'is STOPPED',
      });
      expect(found).toContainEqual({ kind: 'unit', what: 'nginx.service', difference: 'does not run' });
      expect(found.filter(({ kind }) => kind !== 'process')).toHaveLength(1);
    } finally {
      await machine(`mv /root/kept ${build}; supervisorctl start ${program}; systemctl start nginx.service`);
    }
    expect(
      await eventually(
        20,
        () => drift(scene().stack),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
  });

  test('a commit is released without a failed request, long ones too', async () => {
    const commit = await scene().repository.commit('two');
    await scene().repository.tag('1.0.0');
    const traffic = visits(scene().site, 30);
    let long: Promise<number[]> = Promise.resolve([]);
    // Both colours are up now: these reach the old one, and end after the switch
    const both = eventually(
      120,
      () => machine('supervisorctl status'),
      (text) => (String(text).match(/^catalogage-client-/gm) ?? []).length === 2,
    );
    const asked = both.then(() => {
      long = Promise.all(['/slow', '/api/slow'].map(async (path) => (await scene().site.get(path)).status));
    });
    const released = await release(commit);
    await asked;
    expect(await long).toEqual([200, 200]);
    const { failures, versions, count, again } = await traffic.stop();
    expect(released.code, released.output).toBe(0);
    expect(failures).toEqual([]);
    expect(versions).toEqual(['one', 'two']);
    expect(count).toBeGreaterThan(200);
    expect(again).toBeLessThan(5);
    expect(await serving()).toEqual(['two', 'two']);
    expect((await machine('supervisorctl status')).trim().split('\n')).toHaveLength(2);
    // Of the colour that ended nothing stays
    expect((await machine('ls /run/berth-files')).trim().split('\n')).toHaveLength(1);
    expect((await scene().stack.outputs()).version).toBe(commit);
  });

  test('the way back builds nothing, and follows no tag that was moved since', async () => {
    const builds = () => machine("stat -c '%n %Y' /srv/berth/catalogage/builds/*");
    const before = await builds();
    const back = await release('1.0.0');
    expect(back.code, back.output).toBe(0);
    expect(await serving()).toEqual(['one', 'one']);
    const forth = await release(await scene().repository.head());
    expect(forth.code, forth.output).toBe(0);
    expect(await serving()).toEqual(['two', 'two']);
    expect(await builds()).toBe(before);
  });
}
