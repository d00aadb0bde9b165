import { expect, test } from 'vitest';
import { requestTable } from '../../bench/requests/table.ts';
import { type Visit, visitsIn } from '../../bench/requests/visit.ts';
import { rounds } from '../../bench/soak/actions.ts';
import { linesPicture, sparkline } from '../../bench/soak/picture.ts';
import { growth } from '../../bench/soak/readings.ts';

test('rounds of a soak are those of their seed, of every kind', () => {
  const made = rounds(7, 200);
  expect(rounds(7, 200)).toEqual(made);
  expect(new Set(made.map(({ does }) => does))).toEqual(new Set(['release', 'again', 'back', 'reboot', 'fault']));
});

test.each<[string, number[], number]>([
  ['what stays', [1, 5, 5, 5, 5, 5, 5, 5], 1],
  ['what comes at first and then stays', [1, 2, 5, 5, 5, 5, 5, 5], 1],
  ['what comes and goes', [1, 5, 2, 5, 2, 5, 2, 5], 1],
  ['what grows without end', [1, 2, 3, 4, 5, 6, 7, 8], 2],
  ['one reading', [3], 1],
])('%s grows by its last quarter to its second: %#', (_what, series, expected) => {
  expect(growth(series)).toBe(expected);
});

test('a line for a terminal and a picture show every series', () => {
  expect(sparkline([0, 4, 8])).toBe('▁▅█');
  expect(linesPicture({ images: [1, 2], timers: [3, 3] })).toMatch(
    /images[\s\S]*<polyline[\s\S]*timers[\s\S]*<polyline/,
  );
});

const k6 = (passes: number, fails: number, p99: number) => ({
  ...{ 'checks{edge:traefik}': { passes, fails }, 'checks{edge:nginx}': { passes: 1, fails: 0 } },
  'http_req_duration{edge:traefik,kind:quick}': { 'p(99)': p99 },
  'http_req_duration{edge:nginx,kind:quick}': { 'p(99)': 1 },
});

test('what k6 says of each proxy is counted; where it says nothing of one, that is an error', () => {
  const [first] = visitsIn('HTTP/2', { metrics: k6(90, 10, 12.5) });
  expect(first).toEqual({ edge: 'traefik', protocol: 'HTTP/2', requests: 100, failed: 10, p99: 12.5 });
  expect(() => visitsIn('HTTP/2', { metrics: {} })).toThrow('k6 says nothing of traefik');
});

test('the table has a quiet minute beside the releases, and their ratio', () => {
  const visit: Visit = { edge: 'nginx', protocol: 'HTTP/2', requests: 10, failed: 0, p99: 20 };
  expect(requestTable([visit], [{ ...visit, requests: 99, p99: 30 }])).toContain(
    '| nginx | HTTP/2 | 99 | 0 | 20 ms | 30 ms | 1.5 × |',
  );
});
