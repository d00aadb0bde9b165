import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployLocal } from '../../../../src/cli/local/deploy.ts';
import { addressAt } from '../../../../src/model/address.ts';
import { type Peer, peer } from '../../../../test/e2e/bare/peer.ts';
import { type Client, client, eventually } from '../../../../test/e2e/client.ts';
import { leftOf } from '../../../../test/e2e/inspect.ts';
import { answering, answeringFromMachine, networkOf, openPorts } from '../../../../test/e2e/reach.ts';
import {
  inMachine,
  machineContainer,
  type SystemOutputs,
  stdoutOf,
  systemStack,
  type TestStack,
} from '../../../../test/e2e/stack.ts';
import { freePort } from '../../../../test/freePort.ts';
import { alerts, startReceiver, told } from './alerts.ts';
import { jobs } from './jobs.ts';
import { rootPassword, secrets } from './secrets.ts';

const roles = ['app', 'database', 'monitoring'] as const;
const password = (name: string): string => `${name}'s "word" \\ 0123456789`;

/** Of several lines, as certificates are */
const ownCa = '-----BEGIN CERTIFICATE-----\nan-own-authority-0123456789\n-----END CERTIFICATE-----';

let stack: TestStack;
let outputs: SystemOutputs;
let site: Client;
let first: string;
/** Milliseconds from the end of the first deployment until every target was up */
let targetsUp: Promise<number>;
let stopReceiver: (() => Promise<void>) | undefined;

beforeAll(async () => {
  stack = await systemStack({
    name: 'lostops',
    entry: {
      cloud: 'local',
      version: '1.0.0',
      domain: 'lostops.localhost',
      contact: 'ops@example.org',
      env: { MAIL_PASSWORD: { secret: 'mailPassword' }, http_proxy: '' },
      secretFiles: { '/etc/lostops/ca.pem': { secret: 'ownCa' } },
      workers: {},
      scheduler: true,
      alerts: told.options,
      // A site of this computer is asked at a port that it shows
      app: { size: 'small', publish: { 443: await freePort() } },
      database: { size: 'medium' },
      monitoring: { size: 'medium' },
    },
    secrets: {
      ...told.secrets,
      ...secrets,
      exporterPassword: password('exporter'),
      mailPassword: password('mail'),
      ownCa,
    },
  });
  const begun = stack.up();
  stopReceiver = await startReceiver(stack);
  const up = await begun;
  expect(up.code, up.output).toBe(0);
  const begunAt = Date.now();
  first = up.output;
  targetsUp = eventually(120, () => prometheus('targets'), allUp).then(() => Date.now() - begunAt);
  outputs = await stack.outputs();
  site = await client(stack, addressOf('app'), 'app.lostops.localhost');
});

afterAll(async () => {
  site?.close();
  await stopReceiver?.();
  await stack?.remove();
});

const addressOf = (role: string): string => outputs.machines[`lostops-${role}-0`]?.publicAddress ?? '';
const inRole = (role: string, script: string) => inMachine(stack, script, `${role}-0`);
const count = async () => Number((await site.get('/counter')).body);
const queue = async (query: string) =>
  (await site.post(`/jobs?${query}`, { name: 'job', data: Buffer.from('job') })).body;
/** By its number, once it says by which release it was begun or done */
const job = (id: string, when: 'begun_by' | 'done_by') => {
  const found = async (): Promise<Job | undefined> =>
    JSON.parse((await site.get('/jobs')).body).find((one: Job) => `${one.id}` === id);
  return eventually(30, found, (one) => typeof one?.[when] === 'string');
};

interface Job {
  id: number;
  begun_by: string | null;
  done_by: string | null;
  asked: number | null;
}

test('the application answers over HTTPS with its version, having asked the database', async () => {
  const answer = await eventually(
    20,
    () => site.get('/health'),
    ({ status }) => status === 200,
  );
  expect(answer).toMatchObject({ status: 200, body: '1.0.0' });
  expect((await site.get('/')).body).toContain('<h1>');
});

test("the application's further secrets reach it, as a variable and as a file of its own that nobody else reads", async () => {
  const app = 'docker exec $(docker ps --quiet --filter label=berth.service=app)';
  expect(await inRole('app', `${app} printenv MAIL_PASSWORD`)).toBe(`${password('mail')}\n`);
  expect(await inRole('app', `${app} stat --format '%a %u' /etc/lostops/ca.pem`)).toBe('400 33\n');
  expect(await inRole('app', `${app} cat /etc/lostops/ca.pem`)).toBe(ownCa);
  const read = "su -s /bin/sh nobody -c 'cat /etc/berth/lostops/app/*/secret%etc%lostops%ca.pem'";
  expect(await inRole('app', `${read} 2>&1 || true`)).toMatch(/denied/);
});

test('every service is healthy, and what nothing stands in for is told', async () => {
  for (const role of roles) {
    const states = await inRole(role, 'docker ps --all --format "{{.Names}} {{.Status}}"');
    // Nobody calls these: each is well as long as it runs
    for (const line of states.trim().split('\n')) expect(line).toMatch(/\(healthy\)|(traefik|worker|scheduler).* Up/);
  }
  expect(first).toContain('lostops-monitoring has no grafana on this computer');
});

test('Prometheus reads every target, and knows its alerts', async () => {
  const { activeTargets } = await eventually(60, () => prometheus('targets'), allUp);
  const found = activeTargets.map(({ labels, health }: Target) => [labels.job, labels.machine, health]);
  expect(found.sort()).toEqual([
    ['alertmanager', 'lostops-monitoring-0', 'up'],
    ['blackbox', 'lostops-monitoring-0', 'up'],
    ['mysql', 'lostops-database-0', 'up'],
    ['node', 'lostops-app-0', 'up'],
    ['node', 'lostops-database-0', 'up'],
    ['node', 'lostops-monitoring-0', 'up'],
    ['prometheus', 'lostops-monitoring-0', 'up'],
    ['site-login', 'lostops-monitoring-0', 'up'],
    ['site-login', 'lostops-monitoring-0', 'up'],
    ['site-page', 'lostops-app-0', 'up'],
    ['traefik', 'lostops-app-0', 'up'],
  ]);
  // The exporter answers where its login fails, too
  const up = await eventually(
    40,
    () => prometheus('query?query=mysql_up'),
    (data) => data.result?.[0]?.value[1] === '1',
  );
  expect(up.result[0].value[1]).toBe('1');
  const known = (await prometheus('rules')).groups.flatMap(({ rules }: { rules: { name: string }[] }) => rules);
  expect(known.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['DatabaseDown', 'Heartbeat', 'JobFailed', 'MachineDown', 'ServiceDown']),
  );
  expect((await prometheus('alertmanagers')).activeAlertmanagers).toHaveLength(1);
});

test('every target is up within half a minute of a deployment', async () => {
  const seconds = (await targetsUp) / 1000;
  console.log(`every target was up ${seconds.toFixed(1)} s after the deployment`);
  // Twice the promise: the computer also begins its tests meanwhile
  expect(seconds).toBeLessThan(60);
});

/** Asks Prometheus' API */
async function prometheus(path: string) {
  const port = await inRole('monitoring', 'docker port lostops-base-prometheus-1 9090');
  return JSON.parse(await inRole('monitoring', `curl --silent --fail http://${port.trim()}/api/v1/${path}`)).data;
}

interface Target {
  labels: { job: string; machine: string };
  health: string;
}

/** What is no answer yet has none */
const allUp = ({ activeTargets }: { activeTargets: Target[] }): boolean =>
  activeTargets?.length > 0 && activeTargets.every(({ health }) => health === 'up');

// Before anything is broken on purpose: what fires then is right
describe('alerts', () => alerts(() => ({ stack, inRole, site })));

test('Prometheus and Alertmanager ask for a name and a password', async () => {
  for (const name of ['prometheus', 'alerts']) {
    const page = await client(stack, addressOf('monitoring'), `${name}.lostops.localhost`);
    expect(
      await eventually(
        20,
        () => page.get('/-/ready'),
        ({ status }) => status === 401,
      ),
    ).toMatchObject({ status: 401 });
    page.close();
    const words = [
      '--silent',
      '--insecure',
      '--user',
      'operator:looking',
      '--write-out',
      '%{http_code}',
      '--output',
      '/dev/null',
    ];
    const where = ['--resolve', `${name}.lostops.localhost:443:${addressOf('monitoring')}`];
    expect(await stdoutOf('curl', [...words, ...where, `https://${name}.lostops.localhost/-/ready`])).toBe('200');
  }
});

test('the exporter may look at the database, and change nothing; the administrator does not come from outside, and nobody without TLS', async () => {
  const sql = (words: string) => inRole('database', `docker exec lostops-base-mysql-1 sh -c '${words}'`);
  const grants = await sql(
    'MYSQL_PWD="$EXPORTER_PASSWORD" mysql --host 127.0.0.1 --user exporter --skip-column-names --execute "SHOW GRANTS"',
  );
  expect(grants).not.toMatch(/ALL PRIVILEGES|GRANT OPTION|INSERT|UPDATE|DELETE|CREATE|lostops/);
  const login = (options: string) =>
    `try { new PDO("mysql:host=" . getenv("DB_HOST"), "root", "${rootPassword}", ${options}); } catch (PDOException $no) { echo $no->getMessage(); }`;
  const inApp = (php: string) =>
    inRole('app', `docker exec "$(docker ps --quiet --filter label=berth.service=app)" php -r '${php}'`);
  const byTls = '[PDO::MYSQL_ATTR_SSL_CA => getenv("MYSQL_ATTR_SSL_CA")]';
  expect(await inApp(login(byTls))).toMatch(/Access denied for user 'root'|is not allowed to/);
  expect(await inApp(login('[]'))).toContain('insecure transport');
});

test('a job that the application queues is done by its worker, as the same user with the same files', async () => {
  expect(await job(await queue('seconds=0'), 'done_by')).toMatchObject({ done_by: '1.0.0' });
  const worker = 'docker exec lostops-base-worker-0-1';
  expect(await inRole('app', `${worker} printenv MAIL_PASSWORD`)).toBe(`${password('mail')}\n`);
  expect(await inRole('app', `${worker} cat /etc/lostops/ca.pem`)).toBe(ownCa);
});

test('a second up changes nothing', async () => {
  const second = await stack.up('--expect-no-changes');
  expect(second.code, second.output).toBe(0);
});

test('from each machine and from a stranger, the ports that answer are those that the matrix opens', async () => {
  const peers: Peer[] = [];
  try {
    const network = await networkOf(stack);
    const stranger = await peer(stack, 'stranger', addressAt(network.subnet, 201), network.name);
    peers.push(stranger);
    const open = await openPorts(stack);
    const found = await answering(stranger, roles.map(addressOf), spans);
    for (const to of roles) expect(found[addressOf(to)], `from a stranger to ${to}`).toEqual(open('internet', to));
    for (const from of roles) {
      const others = roles.filter((role) => role !== from);
      const found = await answeringFromMachine(stack, `${from}-0`, others.map(addressOf), spans);
      for (const to of others) expect(found[addressOf(to)], `from ${from} to ${to}`).toEqual(open(from, to));
    }
  } finally {
    for (const one of peers) await one.remove();
  }
});

/** Every port that a service of ours could have by a slip */
const spans = '1-10000';

test('a release lets the job under way end, and changes nothing on the other machines', async () => {
  // Twelve seconds from the moment on that its worker is asked to stop: an engine by itself gives ten
  const under = await queue('seconds=12&after=asked');
  await job(under, 'begun_by');
  const before = await inRole('database', 'docker ps --quiet --no-trunc | sort');
  await stack.configure({ version: '1.0.1' });
  const release = await stack.up();
  expect(release.code, release.output).toBe(0);
  expect(await site.get('/health')).toMatchObject({ status: 200, body: '1.0.1' });
  expect(await inRole('database', 'docker ps --quiet --no-trunc | sort')).toBe(before);
  const last = await job(under, 'done_by');
  expect({ ...last, asked: Number(last?.asked) }).toMatchObject({ done_by: '1.0.0', asked: 1 });
  const next = await queue('seconds=0');
  expect(await job(next, 'done_by')).toMatchObject({ done_by: '1.0.1' });
});

describe('jobs', () => jobs(() => ({ stack, inRole, site })));

test('what is planned by the clock runs once a minute', async () => {
  const ticks = async (): Promise<string[]> =>
    JSON.parse((await site.get('/ticks')).body).map(({ minute }: { minute: string }) => minute);
  const seen = await eventually(75, ticks, (minutes) => minutes.length >= 2);
  expect(seen.length).toBeGreaterThanOrEqual(2);
  expect(new Set(seen).size).toBe(seen.length);
});

test('a local deployment over a system that does not answer says so, though nothing was left to deploy', async () => {
  await inRole('database', 'docker stop lostops-base-mysql-1');
  const seen = await deployLocal(stack, 0);
  await inRole('database', 'docker start lostops-base-mysql-1');
  expect(seen).toMatchObject({ healthy: false, systems: { lostops: { healthy: false } } });
});

test('a machine that stopped, as with the docker of the computer, is started by a local deployment, and serves', async () => {
  await stdoutOf('docker', ['stop', await machineContainer(stack, 'database-0')]);
  expect(await deployLocal(stack, 240)).toMatchObject({ healthy: true });
});

test('the counter counts, and survives the replacement of the machine that holds it', async () => {
  const before = await count();
  for (let more = 1; more <= 3; more += 1) await site.post('/counter', { name: 'one', data: Buffer.from('more') });
  expect(await count()).toBe(before + 3);
  const container = await machineContainer(stack, 'database-0');
  await stdoutOf('docker', ['rm', '--force', '--volumes', container]);
  expect(await deployLocal(stack, 240)).toMatchObject({ healthy: true });
  const after = await eventually(60, count, (value) => value === before + 3);
  expect(after).toBe(before + 3);
});

test('taken down, it leaves no container, network or volume', async () => {
  // A network goes after those on it
  await stopReceiver?.();
  const destroyed = await stack.pulumi('destroy', '--yes', '--skip-preview', '--non-interactive');
  expect(destroyed.code, destroyed.output).toBe(0);
  expect(await leftOf(stack)).toEqual([]);
});
