import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { watchers } from '../../../src/cli/alerts/ask.ts';
import { readAlerts, readTest } from '../../../src/cli/alerts/read.ts';
import { firingCommand, testScript } from '../../../src/cli/alerts/scripts.ts';
import { firingText, testText } from '../../../src/cli/alerts/told.ts';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { captured } from '../../../src/process/captured.ts';
import { blueprint, container, role } from '../render/fixtures.ts';
import { outputsOf, put, temporaryFolder } from './berth.ts';

const alert = (labels: object, state = 'active') => ({
  labels: { severity: 'critical', machine: 'shop-database-0', ...labels },
  annotations: { summary: 'mysql is down', description: 'Look at `npx berth status prod`.' },
  startsAt: '2026-11-23T10:00:05.000Z',
  status: { state },
});
const heartbeat = alert({ alertname: 'Heartbeat', severity: 'none' });
const read = (...found: object[]) => readAlerts(JSON.stringify(found));

test('what fires is told with since when and where to look, the gravest first', () => {
  const warning = alert({ alertname: 'JobFailed', severity: 'warning' }, 'suppressed');
  const { firing, ...others } = read(warning, heartbeat, alert({ alertname: 'DatabaseDown' }));
  expect(others).toEqual({ heartbeat: true });
  expect(firing.map((one) => [one.alert, one.silenced])).toEqual([
    ['DatabaseDown', false],
    ['JobFailed', true],
  ]);
  expect(firingText('shop', { firing, heartbeat: true }).split('\n')).toEqual([
    'since                 severity           alert         machine          what',
    '2026-11-23 10:00 UTC  critical           DatabaseDown  shop-database-0  mysql is down',
    '2026-11-23 10:00 UTC  warning, silenced  JobFailed     shop-database-0  mysql is down',
    '',
    'DatabaseDown: Look at `npx berth status prod`.',
    '',
    'JobFailed: Look at `npx berth status prod`.',
    '',
  ]);
});

test('a system where nothing fires says so, unless Prometheus does not reach its Alertmanager', () => {
  expect(firingText('shop', read(heartbeat))).toBe('shop: nothing fires\n');
  expect(firingText('shop', read())).toMatch(/^shop: Alertmanager hears nothing of Prometheus/);
});

/** A docker with an Alertmanager whose receivers do with a test what they are said to */
const docker = (folder: string, discord: string) => `#!/bin/bash
case "$*" in
  *'/bin/amtool'*) printf '%s\\n' "$@" >'${folder}/sent'; touch '${folder}/asked' ;;
  *'/metrics'*)
    n=3; f=1
    if [[ -e ${folder}/asked ]]; then [[ ${discord} == silent ]] || n=4; [[ ${discord} != refuses ]] || f=2; fi
    echo "alertmanager_notification_requests_total{integration=\\"discord\\",receiver_name=\\"people\\"} $n"
    echo "alertmanager_notification_requests_failed_total{integration=\\"discord\\",receiver_name=\\"people\\"} $f"
    echo 'alertmanager_notification_requests_total{integration="webhook",receiver_name="heartbeat"} 90' ;;
  *) echo '[]' ;;
esac
`;

async function sent(discord: string) {
  const folder = temporaryFolder();
  put(folder, 'bin/docker', docker(folder, discord), 0o755);
  // A receiver that does not answer is waited for
  put(folder, 'bin/sleep', '#!/bin/sh\n', 0o755);
  const script = testScript('shop', 'prod', 'a1b2', new Date('2026-11-23T10:00:00Z'));
  const env = { ...process.env, PATH: [`${folder}/bin`, process.env.PATH].join(delimiter) };
  const ran = await captured('bash', ['-s'], { cwd: folder, env, input: script });
  expect(ran.code, ran.stderr).toBe(0);
  return { folder, taken: readTest(ran.stdout) };
}

test.each([
  ['takes', 'taken', /^shop: discord took the test\n$/],
  ['refuses', 'refused', /^shop: discord refused the test: is its address right\?/],
  ['silent', 'no answer', /^shop: discord did not answer/],
])('of a receiver that %s a test it is told so: %s', async (does, how, said) => {
  const { taken } = await sent(does);
  // The dead man's switch is nobody who is told
  expect(taken).toEqual([{ receiver: 'discord', how }]);
  expect(testText('shop', taken)).toMatch(said);
});

test('where nobody is told of alerts, a test says so', () => {
  expect(readTest('---\n')).toEqual([]);
  expect(testText('shop', [])).toContain('names no receiver');
});

test('the machine that is asked is the one with an Alertmanager', () => {
  const systems = parsedSystems(outputsOf('https://basegun.localhost'), 'local');
  const watched = blueprint({
    system: 'basegun',
    roles: { web: role(), api: role({ services: [container({ name: 'alertmanager' })] }) },
  });
  expect(watchers(systems, [watched]).map((machines) => machines.map(({ system, name }) => [system, name]))).toEqual([
    [['basegun', 'basegun-api-0']],
  ]);
  expect(watchers(systems, [blueprint({ system: 'basegun', roles: { web: role() } })])).toEqual([]);
  expect(firingCommand('basegun')).toContain('docker exec basegun-base-alertmanager-1 wget');
});
