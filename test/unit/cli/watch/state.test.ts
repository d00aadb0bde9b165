import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src/cli/preview/plan.ts';
import { failureText, lookFurther } from '../../../../src/cli/watch/ending.ts';
import { engineReader } from '../../../../src/cli/watch/engineReader.ts';
import type { WatchEvent } from '../../../../src/cli/watch/events.ts';
import { planLines } from '../../../../src/cli/watch/planLines.ts';
import { beginning, reduce, type WatchState } from '../../../../src/cli/watch/state.ts';
import { begins, ends, fails, prelude, previewed, says, tells, updated } from './samples.ts';

/** A run of the engine whose events come a second apart */
const run = (...events: readonly (readonly EngineEvent[])[]) => runOf(true, ...events);

function runOf(
  previews: boolean,
  ...events: readonly (readonly EngineEvent[])[]
): { state: WatchState; told: WatchEvent[] } {
  let now = Date.parse('2026-11-30T01:00:00Z');
  const read = engineReader(() => now, previews);
  let state = beginning(now);
  const told: WatchEvent[] = [];
  for (const event of events.flat()) {
    now += 1000;
    for (const one of read(event)) {
      told.push(one);
      state = reduce(state, one);
    }
  }
  return { state, told };
}

const row = ({ state }: { state: WatchState }, name: string) => state.rows.get(name);

const plan = [
  prelude,
  begins('shop-network', 'create', 'berthlocal:index:Network'),
  begins('shop-web-0', 'create', 'berthlocal:index:Machine'),
  begins('shop-web-0-release', 'create'),
  begins('shop-api-0-release', 'update'),
  begins('shop-api-1-release', 'same'),
  previewed,
  prelude,
];

test('the plan says what changes on each machine, and what belongs to none', () => {
  const { state } = run(...plan);
  expect(planLines(state.plan, state.unchanged)).toEqual([
    'plan: 4 changes, 1 stays',
    '  shop-web-0  create machine, release',
    '  shop-api-0  change release',
    '  besides     create shop-network',
  ]);
  expect(planLines([], 12)).toEqual(['plan: nothing changes, 12 stay']);
});

test('nothing runs before the plan is whole: what the preview looks at is no change', () => {
  expect(run(...plan).told.filter(({ type }) => type === 'start')).toEqual([]);
});

test('steps of two machines that speak in turn stay with their machines, each with its next one', () => {
  const ran = run(
    ...[...plan, begins('shop-web-0-release'), begins('shop-api-0-release', 'update')],
    ...[says('shop-web-0', 'steps: packages, images, drain\n'), says('shop-api-0', 'steps: host, switch\n')],
    ...[says('shop-web-0', 'packages                 0.3 s\n'), says('shop-api-0', 'host                     2.0 s\n')],
    says('shop-web-0', 'images: 1 of 3, app:2\n'),
  );
  expect(row(ran, 'shop-web-0')).toMatchObject({
    ...{ state: 'runs', open: [{ step: 'release' }, { step: 'images' }] },
    progress: { done: 1, of: 3, unit: 'parts' },
  });
  expect(row(ran, 'shop-api-0')).toMatchObject({ state: 'runs', open: [{ step: 'release' }, { step: 'switch' }] });
  expect(row(ran, 'shop-api-0')).not.toHaveProperty('progress');
});

test('a machine is done once all of its changes are made, not before', () => {
  const machine = 'berthlocal:index:Machine';
  const made = [begins('shop-web-0', 'create', machine), ends('shop-web-0', 'create', machine)];
  expect(row(run(...plan, ...made), 'shop-web-0')?.state).toBe('waits');
  const released = [begins('shop-web-0-release'), ends('shop-web-0-release')];
  expect(row(run(...plan, ...made, ...released), 'shop-web-0')).toMatchObject({ state: 'done', seconds: 3 });
});

test('without a preview the changes begin at once, and a machine is done once they are made', () => {
  const begun = [
    prelude,
    begins('shop-web-0', 'same', 'berthlocal:index:Machine'),
    begins('shop-web-0-release', 'update'),
  ];
  expect(runOf(false, ...begun).state).toMatchObject({ phase: 'changes' });
  expect(row(runOf(false, ...begun), 'shop-web-0')).toMatchObject({ state: 'runs', open: [{ step: 'release' }] });
  const ended = runOf(false, ...begun, ends('shop-web-0-release', 'update'));
  expect(row(ended, 'shop-web-0')).toMatchObject({ state: 'done' });
});

test('a failure is known by its machine, its step and its reason, and other machines do not replace it', () => {
  const ran = run(
    ...[
      ...plan,
      begins('shop-web-0-release'),
      says('shop-web-0', 'steps: packages, images\npackages                 0.3 s'),
    ],
    fails('shop-web-0-release'),
    ...[begins('shop-api-0-release', 'update'), fails('shop-api-0-release', 'update')],
    tells('error', 'error: another', 'shop-api-0-release'),
    tells(
      'error',
      'Process exited with status 1: running "x":\nerror: image a can’t be pulled: denied\n',
      'shop-web-0-release',
    ),
    ...[tells('error', 'update failed'), updated],
  );
  expect(row(ran, 'shop-web-0')?.state).toBe('failed');
  const { failure } = ran.state;
  expect(failure && failureText(failure)).toBe('shop-web-0, step images: image a can’t be pulled: denied');
  expect(lookFurther('prod', failure)).toBe('npx berth ssh prod shop-web-0 -- sudo journalctl -t berth -n 100');
  expect(ran.told.filter(({ type }) => type === 'message')).toHaveLength(2);
});

test('what the preview and the update both say is said once; what is for those who debug the engine, never', () => {
  const { told } = run(
    ...[prelude, tells('warning', 'old'), tells('debug', 'a secret'), previewed, prelude],
    ...[tells('warning', 'old'), tells('info#err', 'a line of the program')],
  );
  expect(told.flatMap((one) => (one.type === 'message' ? [[one.result, one.text]] : []))).toEqual([
    ['warning', 'old'],
    ['info', 'a line of the program'],
  ]);
});

test('a line that no release is known to say is a note of its machine, and ends no step', () => {
  const ran = run(
    ...plan,
    begins('shop-web-0-release'),
    says('shop-web-0', 'steps: host\n'),
    says('shop-web-0', 'well\n'),
  );
  expect(row(ran, 'shop-web-0')).toMatchObject({ note: 'well', open: [{ step: 'release' }, { step: 'host' }] });
});
