import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createScreen, type Terminal as Drawable } from '../../../../src/cli/watch/screen.ts';
import { createWatch } from '../../../../src/cli/watch/watch.ts';
import { Terminal } from '../../../terminal.ts';

/** A terminal that shows what is written to it */
function shown(columns: number): { terminal: Terminal; output: Drawable; written: string[] } {
  const terminal = new Terminal(columns);
  const written: string[] = [];
  const output: Drawable = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      terminal.write(String(chunk));
      done();
    },
  });
  Object.assign(output, { isTTY: true, columns, rows: 24 });
  return { terminal, output, written };
}

test('lines are drawn over, and what stays is above them and whole', () => {
  const { terminal, output } = shown(40);
  const screen = createScreen(output);
  screen.draw(['shop-web-0  images', '0 of 1']);
  screen.write(['error: a reason of two', 'lines']);
  screen.draw(['shop-web-0  switch', '1 of 1']);
  expect(terminal.shown).toEqual(['error: a reason of two', 'lines', 'shop-web-0  switch', '1 of 1']);
  screen.draw(['done']);
  screen.leave();
  screen.write(['after it']);
  expect(terminal.shown).toEqual(['error: a reason of two', 'lines', 'done', 'after it']);
});

test.each([20, 39, 60])(
  'a terminal that is resized to %i columns loses no line that stays, and keeps none that does not',
  (columns) => {
    const { terminal, output } = shown(40);
    const screen = createScreen(output);
    screen.write(['a reason']);
    screen.draw(['a line of thirty-nine columns, as it is.', 'another']);
    terminal.resize(columns);
    output.columns = columns;
    screen.draw(['now']);
    expect(terminal.shown).toEqual(['a reason', 'now']);
  },
);

test('the cursor is hidden while lines are drawn over, and shown again afterwards', () => {
  const { terminal, output } = shown(40);
  const screen = createScreen(output);
  screen.draw(['a line']);
  expect(terminal.cursorShown).toBe(false);
  screen.leave();
  expect(terminal.cursorShown).toBe(true);
});

const said = ['steps: packages, switch', 'packages                 0.3 s', 'error: it does not start'];

/** What is written while a machine says some lines */
async function watched(output: Drawable, env: NodeJS.ProcessEnv, json?: (line: string) => void): Promise<void> {
  const watch = createWatch({ terminal: output, env, ...(json && { json }) });
  await watch.machine('shop-web-0', async (line) => {
    for (const one of said) line(one);
    return 1;
  });
  watch.result({ result: 'failed', live: {}, next: 'npx berth status prod' });
}

test.each<[string, object, NodeJS.ProcessEnv]>([
  ['without a terminal', { isTTY: false }, {}],
  ['in CI', {}, { CI: 'true' }],
  ['on a terminal that can’t move its cursor', {}, { TERM: 'dumb' }],
])('%s each step is a line, without a control sequence', async (_where, changes, env) => {
  const { output, written } = shown(80);
  await watched(Object.assign(output, changes), env);
  expect(written.join('')).not.toMatch(/[^\P{Cc}\n]/u);
  expect(
    written
      .join('')
      .split('\n')
      .map((line) => line.replace(/\d\.\d s/, 'n s')),
  ).toEqual([
    '  shop-web-0               packages                   n s',
    'shop-web-0: error: it does not start',
    '  shop-web-0               switch                     n s, failed',
    '  shop-web-0               release                    n s, failed',
    '',
  ]);
});

test('on a terminal the reason of a failure stands above the last picture', async () => {
  const { output, terminal } = shown(80);
  await watched(output, {});
  expect(terminal.shown.map((line) => line.replace(/\d\.\d s/g, 'n s'))).toEqual([
    'shop-web-0: error: it does not start',
    '✗ shop-web-0  failed, n s',
    '  0 of 1 done, 1 failed, n s',
  ]);
});

test('programs are told each event as JSON, with the keys of the page, and never a secret', async () => {
  const { output } = shown(80);
  const lines: string[] = [];
  await watched(output, { SHOP_PASSWORD: 'it does not start' }, (line) => lines.push(line));
  const events = lines.map((line) => JSON.parse(line));
  expect(lines.join('\n')).not.toContain('it does not start');
  expect(
    events.map(({ type, machine, step, result }) => [type, machine, step, result].filter(Boolean).join(' ')),
  ).toEqual([
    ...['start shop-web-0 release', 'steps shop-web-0', 'start shop-web-0 packages'],
    ...['end shop-web-0 packages done', 'start shop-web-0 switch', 'message shop-web-0 error'],
    ...['end shop-web-0 switch failed', 'end shop-web-0 release failed', 'machine shop-web-0 failed', 'result failed'],
  ]);
  for (const { time } of events) expect(new Date(time).toISOString()).toBe(time);
});
