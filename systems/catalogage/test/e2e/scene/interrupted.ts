import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { berthOn } from '../../../../../test/e2e/berth.ts';
import { eventually } from '../../../../../test/e2e/client.ts';
import { followed } from '../../../../../test/e2e/runbook.ts';
import { machineContainer, stdoutOf } from '../../../../../test/e2e/stack.ts';
import { actions } from './actions.ts';
import { page } from './faults.ts';
import { second } from './migrations.ts';
import type { Scene } from './scene.ts';
import { add, drop, file, schemaOf } from './schema.ts';
import { visits } from './visits.ts';

/** Much longer than a busy computer takes to interrupt it, or to begin a second one, and shorter than visitors wait */
const migrationSeconds = 20;
const momentsSeconds = 6;

/** A long migration that is interrupted, met by another one, and gone back on, from schema 0002 */
export function interrupted(scene: () => Scene): void {
  const { alembic, columns, revision, serves } = schemaOf(scene);
  const { machine, release: upTo } = actions(scene);
  const running = () => machine('pgrep -u catalogage-job-migrate-1 || true');
  const begun = () => eventually(120, running, (found) => /\d/.test(String(found)));
  const long = `${add('late')}\n    op.execute("SELECT pg_sleep(${migrationSeconds})")`;
  const files = { ...second, ...file('0003', '0002', long, drop('late')) };
  let [former, six, served] = ['', '', ''];

  const loseEngine = () => machine('kill -9 $(systemctl show --property MainPID --value berth-converge.service)');
  const losePower = async () => {
    const container = await machineContainer(scene().stack);
    await stdoutOf('docker', ['kill', container]);
    expect(await followed(scene().stack, page, 'The machine is lost')).toMatchObject({
      code: 1,
      said: expect.stringContaining('login failed: '),
    });
    await stdoutOf('docker', ['start', container]);
  };

  test.each([
    ['killed', loseEngine],
    ['without power', losePower],
  ])('%s at a random moment of its migration, a machine comes up with the code of its schema', async (_, interrupt) => {
    former ||= (await scene().stack.outputs()).version;
    served ||= (await serves()) ?? '';
    six ||= await scene().repository.commit('six', files);
    const moment = randomInt(momentsSeconds * 1000);
    const released = upTo(six);
    await begun();
    await pause(moment);
    await interrupt();
    const { code, output } = await released;
    const when = `${moment} ms after it began`;
    console.log(`interrupted ${when}`);
    expect(code, `${when}\n${output}`).not.toBe(0);
    expect(await eventually(120, serves, (version) => version === served), when).toBe(served);
    expect([await revision(), await columns()], when).toEqual(['0002', 'id title year\n']);
    expect(await running(), when).toBe('');
    // The former commit is still the one of the schema: the way back finds it in place
    const back = await upTo(former);
    expect(back.code, `${when}\n${back.output}`).toBe(0);
    expect([await serves(), await revision()], when).toEqual([served, '0002']);
  });

  test('a long migration goes on under load; a second one, and a second deployment, meet it and change nothing', async () => {
    const traffic = visits(scene().site, 20);
    const first = upTo(six);
    await begun();
    const { place } = scene().stack;
    const [again, meanwhile] = await Promise.all([
      berthOn(scene().stack, ['run', place.stack, 'catalogage', 'migrate']),
      scene().stack.up(),
    ]);
    const { code, output } = await first;
    expect(code, output).toBe(0);
    expect((await traffic.stop()).failures).toEqual([]);
    expect(again.code).not.toBe(0);
    expect(`${again.stdout}${again.stderr}`).toContain('job migrate is already running: nothing was started');
    expect(meanwhile.code).not.toBe(0);
    expect(meanwhile.output).toContain('the stack is currently locked');
    expect([await serves(), await revision()]).toEqual(['six', '0003']);
  });

  test('the way back is refused while the schema is newer than the commit, and goes once it was taken down', async () => {
    const refused = await upTo(former);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/Can't locate revision identified by '0003'/);
    expect([await serves(), await revision()]).toEqual(['six', '0003']);
    await alembic('downgrade 0002');
    const { code, output } = await upTo(former);
    expect(code, output).toBe(0);
    expect([await serves(), await revision(), await columns()]).toEqual([served, '0002', 'id title year\n']);
  });
}
