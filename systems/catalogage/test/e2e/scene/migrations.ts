import { expect, test } from 'vitest';
import { followed } from '../../../../../test/e2e/runbook.ts';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import { actions } from './actions.ts';
import { page } from './faults.ts';
import type { Scene } from './scene.ts';
import { add, drop, file, schemaOf } from './schema.ts';
import { visits } from './visits.ts';

/** The migration of the commits from `five` on */
export const second = file('0002', '0001', add('year'), drop('year'));

/** Schema and code: neither goes without the other */
export function migrations(scene: () => Scene): void {
  const { columns, deploy, revision, serves } = schemaOf(scene);
  const { release } = actions(scene);
  let five: string;

  test('a commit is released with its migration, without a failed request', async () => {
    expect(await revision()).toBe('0001');
    const traffic = visits(scene().site, 30);
    const released = await deploy('five', second);
    const { failures, versions } = await traffic.stop();
    expect(released.code, released.output).toBe(0);
    expect(failures).toEqual([]);
    expect(versions.at(-1)).toBe('five');
    expect([await revision(), await columns()]).toEqual(['0002', 'id title year\n']);
    five = (await scene().stack.outputs()).version;
  });

  test('a migration that fails half way leaves old code and old schema, and its last lines are told', async () => {
    const traffic = visits(scene().site, 30);
    const half = `${add('half')}\n    op.execute("ALTER TABLE dataset ADD COLUMN title text")`;
    const refused = await deploy('six', { ...second, ...file('0003', '0002', half) });
    expect((await traffic.stop()).failures).toEqual([]);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('column "title" of relation "dataset" already exists');
    expect(refused.output).toContain('job migrate ended with code 1: the new release was not started');
    expect([await serves(), await revision(), await columns()]).toEqual(['five', '0002', 'id title year\n']);
    expect(await inMachine(scene().stack, 'ls /run/berth-files')).not.toContain('job-migrate');
    expect(await followed(scene().stack, page, 'A migration that failed')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^0002/m),
    });
    // The commit that was refused is the one that was asked for
    const { version } = await scene().stack.outputs();
    expect((await followed(scene().stack, page, 'The wrong version is running')).said).toContain(
      `, and ${version} is deployed: deploy it again`,
    );
  });

  test('the commit that serves on is the way out: nothing is built, and its schema is the one that there is', async () => {
    const back = await release(five);
    expect(back.code, back.output).toBe(0);
    expect(back.output).not.toContain('new containers');
    expect([await serves(), await revision(), (await scene().stack.outputs()).version]).toEqual(['five', '0002', five]);
  });
}
