import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { alertOptions } from '../../src/config/alertFields.ts';
import type { Schedule } from '../../src/model/blueprint.ts';
import type { Container } from '../../src/model/service.ts';
import { alertmanager } from '../../src/parts/alertmanager.ts';
import { templateText } from '../../src/render/template.ts';
import { yaml } from '../../src/render/yaml.ts';
import { linter } from '../../tools/lib/linters.ts';
import { certificateOf, type Pair } from '../certificate.ts';
import { containerName, docker, folderOf, least, ownContainer, required, serviceImage } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';

// The genuine Alertmanager with everything that its options can ask for, and a receiver in the place of Discord and others.

const options = alertOptions.parse({
  discord: { secret: 'discordWebhook' },
  slack: { webhook: { secret: 'slackWebhook' }, channel: '#operations' },
  webhook: { secret: 'otherWebhook' },
  deadMansSwitch: { url: { secret: 'heartbeat' }, everyMinutes: 1 },
  groupSeconds: 1,
});
const mail = {
  to: ['ops@shop.test'],
  from: 'berth@shop.test',
  server: 'smtp.shop.test:587',
  password: { secret: 'mail' },
};
const office: Schedule = { days: ['mon'], start: '09:00', stop: '18:00', zone: 'Europe/Paris' };

const made = (own: object = {}, hours: Record<string, Schedule> = {}): Container =>
  alertmanager({
    ...{ system: 'shop', url: 'https://alerts.shop.test', hours },
    alerts: alertOptions.parse({ ...options, ...own }),
  });

function filesOf({ config }: Container): Record<string, string> {
  const texts = Object.entries(config?.files ?? {}).map(([name, file]) => {
    if ('yaml' in file) return [name, yaml(file.yaml)] as const;
    return [name, 'template' in file ? templateText(file.template, {}) : `${file.text}`] as const;
  });
  return Object.fromEntries(texts);
}

async function amtool(service: Container, words: readonly string[], context: TestContext, name: string) {
  const image = required(await serviceImage(service.image), context);
  const place = ['--network', 'none', '--volume', `${folderOf(filesOf(service))}:${service.config?.path}:ro`];
  return docker('run', ...ownContainer(name), ...least, ...place, '--entrypoint', '/bin/amtool', image, ...words);
}

test('amtool accepts every receiver, and hours of a role', async (context) => {
  const service = made({ email: mail }, { web: office });
  const { code, output } = await amtool(service, service.check ?? [], context, 'check');
  expect(code, output).toBe(0);
  expect(output).toContain('2 receivers');
});

test('amtool accepts an Alertmanager that tells nobody', async (context) => {
  const service = alertmanager({ system: 'shop', url: 'https://alerts.shop.test' });
  const { code, output } = await amtool(service, service.check ?? [], context, 'nobody');
  expect(code, output).toBe(0);
  expect(service.secretFiles).toEqual({});
});

test.for([
  ['people', ['alertname=MachineDown', 'machine=shop-web-0']],
  ['people', ['alertname=BerthTest', 'test=1']],
  ['heartbeat', ['alertname=Heartbeat']],
] as const)('amtool sends to %s what is %s', async ([receiver, labels], context) => {
  const words = ['config', 'routes', 'test', '--config.file=/etc/alertmanager/alertmanager.yaml', ...labels];
  expect(await amtool(made(), words, context, 'routes')).toEqual({
    code: 0,
    output: expect.stringMatching(new RegExp(`^${receiver}\n`)),
  });
});

test('amtool notices a zone of hours that is none', async (context) => {
  const service = made({}, { web: { ...office, zone: 'Europe/Pariss' } });
  expect((await amtool(service, service.check ?? [], context, 'zone')).code).not.toBe(0);
});

test('what is secret stands in files of its own, and nowhere in the configuration', () => {
  const service = made({ email: mail });
  expect(Object.values(service.secretFiles ?? {})).toEqual(
    ['discordWebhook', 'slackWebhook', 'otherWebhook', 'mail', 'heartbeat'].map((secret) => ({ secret })),
  );
  const files = filesOf(service);
  for (const path of Object.keys(service.secretFiles ?? {})) expect(files['alertmanager.yaml']).toContain(path);
  expect(files['alertmanager.yaml']).not.toMatch(/discordWebhook|(?<!_)password:/);
});

let receiver: Machine | undefined;
/** The modules of the mail server; absent where pip can't get them */
let mailServer: string | undefined;
const mailPassword = 'the mail "word" \\ 0123456789';
let running = false;
const name = containerName('alertmanager');

beforeAll(async () => {
  mailServer = await mailServerFolder();
  const trusted = certificateOf(['localhost']);
  receiver = await startMachine('receiver', mailServer ? ['--volume', `${mailServer}:/mail:ro`] : []);
  const service = made(mailServer ? { email: { ...mail, server: 'localhost:2525' } } : {}, {
    web: { ...office, days: ['mon'], start: '00:00', stop: '00:01' },
  });
  const image = await serviceImage(service.image);
  if (!receiver || 'absent' in image) return;
  const script = readFileSync(new URL('../receiver/receiver.py', import.meta.url), 'utf8');
  const started = await receiver.run('nohup python3 receiver.py 8080 /root/notes >/dev/null 2>&1 & sleep 0.3', {
    'receiver.py': script,
  });
  if (started.code !== 0) throw new Error(started.output);
  if (mailServer) await startMail(receiver, trusted);
  const secrets = Object.entries(service.secretFiles ?? {}).map(([path]) => [
    path.replace(/.*\//, ''),
    // As `pulumi config set --secret` takes it from a file, with its end of line
    path.endsWith('/email') ? `${mailPassword}\n` : `http://127.0.0.1:8080/${path.replace(/.*\//, '')}\n`,
  ]);
  const place = [
    ...['--detach', '--network', receiver.network, '--user', service.user, '--tmpfs', '/alertmanager:mode=1777'],
    ...['--volume', `${folderOf(filesOf(service))}:${service.config?.path}:ro`],
    ...['--volume', `${folderOf(Object.fromEntries(secrets))}:/etc/alertmanager-secrets:ro`],
    ...['--volume', `${folderOf({ 'root.pem': trusted.certificate })}:/trusted:ro`, '--env', 'SSL_CERT_DIR=/trusted'],
  ];
  const { code, output } = await docker(
    ...['run', ...ownContainer('alertmanager'), ...least, ...place, image.reference, ...(service.command ?? [])],
  );
  if (code !== 0) throw new Error(output);
  running = true;
  await eventually(
    () => docker('exec', name, ...(service.health?.command ?? [])),
    ({ code }) => code === 0,
  );
});

afterAll(async () => {
  if (running) await docker('rm', '--force', name);
  await receiver?.remove();
});

async function mailServerFolder(): Promise<string | undefined> {
  try {
    return dirname(dirname(await linter('aiosmtpd', () => undefined)));
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return undefined;
  }
}

async function startMail(machine: Machine, { certificate, key }: Pair): Promise<void> {
  const script = readFileSync(new URL('../receiver/mail.py', import.meta.url), 'utf8');
  const password = `${mail.from}\n${mailPassword}\n`;
  const start = 'PYTHONPATH=/mail nohup python3 mail.py 2525 /root/mails >/root/mail.log 2>&1 &';
  const answers = 'for _ in $(seq 100); do sleep 0.1; (exec 3<>/dev/tcp/127.0.0.1/2525) 2>/dev/null && exit 0; done';
  const files = { 'mail.py': script, 'certificate.pem': certificate, 'key.pem': key, password };
  const { code, output } = await machine.run(`${start}\n${answers}\ncat /root/mail.log; exit 1`, files);
  if (code !== 0) throw new Error(output);
}

interface Note {
  path: string;
  refused: boolean;
  body: {
    title?: string;
    embeds?: { title: string; description: string }[];
    attachments?: { title: string; text: string }[];
    status?: string;
  };
}

const notes = async (path: string): Promise<Note[]> => {
  const { output = '' } = (await receiver?.run('cat /root/notes')) ?? {};
  const all = output
    .split('\n')
    .filter(Boolean)
    .map((line): Note => JSON.parse(line));
  return all.filter((note) => note.path === `/${path}`);
};

async function eventually<Value>(ask: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await ask();
    if (done(value) || attempt > 120) return value;
    await sleep(250);
  }
}

/** As Prometheus tells an alert, or that it has ended */
async function tell(labels: Readonly<Record<string, string>>, words: readonly string[] = []): Promise<void> {
  const labelled = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  const alert = [
    ...labelled,
    '--annotation=summary=it is so',
    '--annotation=description=Look at `npx berth status prod`.',
  ];
  const url = '--alertmanager.url=http://127.0.0.1:9093';
  const { code, output } = await docker('exec', name, '/bin/amtool', url, 'alert', 'add', ...alert, ...words);
  expect(code, output).toBe(0);
}

const unlessAbsent = (context: TestContext) => (running ? undefined : context.skip('an image has not been made'));

test('Discord, Slack and a webhook are each told what it is, since when, and where to look; and that it is over', async (context) => {
  unlessAbsent(context);
  const labels = { alertname: 'DatabaseDown', machine: 'shop-database-0', severity: 'critical', stack: 'prod' };
  await tell(labels, ['--start=2026-11-23T10:00:00Z']);
  const [discord] = await eventually(
    () => notes('discord'),
    (found) => found.length > 0,
  );
  const title = 'critical: DatabaseDown on shop-database-0 (prod)';
  const text = 'it is so, since 2026-11-23 10:00:00 UTC.\nLook at `npx berth status prod`.';
  expect(discord?.body.embeds?.[0]).toMatchObject({ title, description: expect.stringContaining(text) });
  const [slack] = await eventually(
    () => notes('slack'),
    (found) => found.length > 0,
  );
  expect(slack?.body).toMatchObject({
    channel: '#operations',
    attachments: [{ title, text: expect.stringContaining(text) }],
  });
  const [webhook] = await eventually(
    () => notes('webhook'),
    (found) => found.length > 0,
  );
  expect(webhook?.body).toMatchObject({ status: 'firing', alerts: [{ labels }] });
  // It ends
  await tell(labels, ['--start=2026-11-23T10:00:00Z', `--end=${new Date(Date.now() + 500).toISOString()}`]);
  const told = await eventually(
    () => notes('discord'),
    (found) => found.length > 1,
  );
  expect(told[1]?.body.embeds?.[0]).toMatchObject({
    title: 'over: DatabaseDown on shop-database-0 (prod)',
    description: expect.stringMatching(/^Over: it is so, from 2026-11-23 10:00:00 to \d\d:\d\d:\d\d UTC\./),
  });
});

test('mail is sent to a real mail server, encrypted and after a login, with what it is, since when and where to look', async (context) => {
  unlessAbsent(context);
  if (!mailServer) context.skip("Python's pip can't get the mail server");
  await tell({ alertname: 'SiteDown', machine: 'shop-front-0', severity: 'critical', stack: 'prod' }, [
    '--start=2026-11-23T10:00:00Z',
  ]);
  const mails = async () => {
    const { output = '' } = (await receiver?.run('cat /root/mails')) ?? {};
    const all = output.split('\n').filter(Boolean);
    return all.map((line) => JSON.parse(line)).filter(({ subject }) => subject.includes('SiteDown'));
  };
  const [note] = await eventually(mails, (found) => found.length > 0);
  expect(note).toMatchObject({
    ...{ from: mail.from, to: mail.to, encrypted: true, subject: 'critical: SiteDown on shop-front-0 (prod)' },
    text: expect.stringContaining('it is so, since 2026-11-23 10:00:00 UTC.\nLook at `npx berth status prod`.'),
  });
});

test('nobody is told of a machine outside of its hours, nor of what else fails on one that is down', async (context) => {
  unlessAbsent(context);
  const before = (await notes('discord')).length;
  await tell({ alertname: 'MachineDown', machine: 'shop-web-0' });
  await tell({ alertname: 'MachineDown', machine: 'shop-api-0' });
  await eventually(
    () => notes('discord'),
    (found) => found.length > before,
  );
  await tell({ alertname: 'ServiceDown', machine: 'shop-api-0' });
  await tell({ alertname: 'JobFailed', machine: 'shop-queue-0' });
  const told = await eventually(
    () => notes('discord'),
    (found) => found.length > before + 1,
  );
  const titles = told.slice(before).map(({ body }) => body.embeds?.[0]?.title);
  expect(titles.sort()).toEqual(['JobFailed on shop-queue-0', 'MachineDown on shop-api-0']);
});

test("the dead man's switch is asked as long as the heartbeat comes, and people are not told of it", async (context) => {
  unlessAbsent(context);
  await tell({ alertname: 'Heartbeat', severity: 'none' });
  const [first] = await eventually(
    () => notes('heartbeat'),
    (found) => found.length > 0,
  );
  expect(first?.body).toMatchObject({ status: 'firing' });
  for (const path of ['discord', 'slack', 'webhook'])
    expect(JSON.stringify(await notes(path))).not.toContain('Heartbeat');
});
