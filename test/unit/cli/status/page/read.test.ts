import { expect, test } from 'vitest';
import { historyScript, known, readHistory } from '../../../../../src/cli/status/page/history.ts';
import { jobRows, notedScript, readNoted } from '../../../../../src/cli/status/page/noted.ts';
import { captured } from '../../../../../src/process/captured.ts';
import { blueprint, container, role } from '../../../render/fixtures.ts';
import { machineOf, now, record } from './data.ts';

const nowSeconds = now.getTime() / 1000;
const names = ['answered', 'took', 'up', 'processors', 'memory', 'requests', 'errors', 'certificateEnds'];
const answer = (...result: unknown[]): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
const nothing = names.map((name) => `${name} ${answer()}`);

test('each query is one line of the script, which bash reads as it is meant', async () => {
  // Stands for docker, and says what it was called with
  const script = `docker() { echo "$# $3 \${!#}"; }\n${historyScript('shop', now)}`;
  const { stdout, stderr } = await captured('bash', ['-c', script], { cwd: '/', env: process.env });
  const lines = stdout.trim().split('\n');
  expect(stderr).toBe('');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(names);
  for (const line of lines) {
    const [, words, command, address = ''] = line.split(' ');
    expect({ words, command }).toEqual({ words: '7', command: 'wget' });
    const url = new URL(address);
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:9090/api/v1/query_range');
    expect(Number(url.searchParams.get('end'))).toBe(nowSeconds);
  }
});

test('values are read into the slots of the last hours, those that are missing or no number as unknown', () => {
  const metric = { site: 'shop.example.org' };
  const values = [
    [nowSeconds - 1200, '1'],
    [nowSeconds - 600, 'NaN'],
    [nowSeconds, '0.5'],
  ];
  const { answered, up } = readHistory([...nothing.slice(1), `answered ${answer({ metric, values })}`].join('\n'), now);
  const [, ...others] = Object.keys(answered);
  expect(others).toEqual([]);
  expect(answered['shop.example.org']).toHaveLength(72);
  expect(answered['shop.example.org']?.slice(-3)).toEqual([1, null, 0.5]);
  expect(known(answered['shop.example.org'])).toEqual([1, 0.5]);
  expect(up).toEqual({});
});

test('a Prometheus that does not answer is told from one that knows nothing', () => {
  expect(() => readHistory(names.map((name) => `${name} `).join('\n'), now)).toThrow('Prometheus does not answer');
  expect(readHistory(nothing.join('\n'), now).answered).toEqual({});
});

test('jobs and releases are read from what a machine noted, and what is something else is left out', async () => {
  expect((await captured('bash', ['-n', '-c', notedScript('shop')], { cwd: '/', env: process.env })).stderr).toBe('');
  const job = {
    ...{
      job: 'backup-mysql',
      definition: 'x',
      version: '1.2.0',
      began: 100,
      result: '',
      seconds: 4.2,
      last_success: 104,
    },
    told: 'berth_backup_size_bytes{system="shop",name="mysql"} 2048\n',
  };
  const one = {
    at: '2026-05-01T10:00:00Z',
    version: '1.2.0',
    release: 'x',
    before: '',
    seconds: 3,
    by: 'ada',
    way: 'release',
  };
  const lines = [
    `job ${JSON.stringify(job)}`,
    'job {"job":1}',
    'job {',
    `history ${JSON.stringify(Array(9).fill(one))}`,
  ];
  const { jobs, releases } = readNoted(['clock 1', ...lines].join('\n'));
  expect(jobs).toEqual([
    {
      ...{ job: 'backup-mysql', version: '1.2.0', began: 100, result: '', seconds: 4.2, lastSuccess: 104 },
      figures: { berth_backup_size_bytes: 2048 },
    },
  ]);
  expect(releases).toHaveLength(5);
  expect(releases[0]).toEqual({ at: one.at, version: '1.2.0', by: 'ada', way: 'release', seconds: 3 });
  expect(readNoted('history \n')).toEqual({ jobs: [], releases: [] });
});

test('of a job that runs on several machines, the one where it failed is shown; what nobody asked for yet is not', () => {
  const steps = [{ ...container({ name: 'x' }), command: [] }] as never;
  const job = (name: string, when: object, backup?: object) =>
    ({ name, when, steps, deadlineSeconds: 1, onceAcrossMachines: false, backup }) as never;
  const declared = blueprint({
    system: 'shop',
    roles: {
      web: role({
        jobs: [
          job('tidy', { calendar: '*-*-* 03:00', zone: 'Europe/Paris' }),
          job('migrate', { release: true }),
          job('import', { asked: true }),
          job('backups-mysql', { asked: true }, { of: 'mysql', does: 'list' }),
        ],
      }),
    },
  });
  const on = (name: string, result: string, began: number) => ({
    ...machineOf(name),
    jobs: [record({ job: 'tidy', result, began }), record({ job: 'backups-mysql' })],
  });
  const rows = jobRows([declared], [on('shop-web-0', 'ended with code 3', 1), on('shop-web-1', '', 2)]);
  expect(rows.map(({ name, machine, when, record: found }) => [name, machine, when, found?.result])).toEqual([
    ['tidy', 'shop-web-0', '*-*-* 03:00 Europe/Paris', 'ended with code 3'],
    ['migrate', '', 'at each release', undefined],
  ]);
});
