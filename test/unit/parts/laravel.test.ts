import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../../src/model/job.ts';
import { type Container, isContainer, variablesOf } from '../../../src/model/service.ts';
import { type LaravelInput, laravel as part } from '../../../src/parts/laravel.ts';
import { fileText } from '../../../src/render/template.ts';

const input: LaravelInput = {
  role: 'app',
  image: 'registry.example/shop:1.0.0',
  url: 'https://shop.example.org',
  healthPath: '/health',
  key: 'shopKey',
  database: { role: 'database', name: 'shop', user: 'clerk', password: 'clerkPassword' },
  settings: { MAIL_PASSWORD: { secret: 'mailPassword' } },
  secretFiles: { '/etc/shop/ca.pem': { secret: 'ownCa' } },
  uploads: { largestMb: 5, atOnce: 20 },
  scheduler: false,
};
function laravel(own: LaravelInput): { services: readonly Container[]; jobs: readonly Job[] } {
  const { services = [], jobs = [] } = part(own).roles?.app ?? {};
  return { services: services.filter(isContainer), jobs };
}

const workers = { count: 2, command: ['queue:work', '--queue=high,default'], memoryMb: 300, stopSeconds: 120 };

test('without workers and clock it is its web server alone', () => {
  const [web, ...others] = laravel(input).services;
  expect(web).toMatchObject({ name: 'app', port: 80, rollout: 'colours' });
  expect(web?.env).not.toHaveProperty('QUEUE_CONNECTION');
  expect(others).toEqual([]);
});

test('workers and clock have no port, the image, settings and files of the web server, and no second beside them', () => {
  const [web, ...others] = laravel({ ...input, workers, scheduler: true }).services;
  expect(others.map(({ name }) => name)).toEqual(['worker-0', 'worker-1', 'scheduler']);
  const apache = ['APACHE_RUN_DIR', 'APACHE_LOCK_DIR', 'APACHE_PID_FILE'];
  const env = Object.fromEntries(Object.entries(web?.env ?? {}).filter(([name]) => !apache.includes(name)));
  for (const { port, exposed, ...one } of others) {
    expect([port, exposed]).toEqual([undefined, undefined]);
    expect(one).toMatchObject({
      image: web?.image,
      user: web?.user,
      secretFiles: web?.secretFiles,
      rollout: 'replace',
    });
    expect(one.env).toEqual(env);
  }
});

test('each of its containers and its migration check the certificate of the database', () => {
  const { services, jobs } = laravel({ ...input, workers, scheduler: true });
  const all = [...services, ...jobs.flatMap(({ steps }) => steps)] as readonly Container[];
  expect(all).toHaveLength(5);
  for (const { env, secretFiles = {} } of all)
    expect(secretFiles[`${env.MYSQL_ATTR_SSL_CA}`]).toEqual({ ref: 'certificates.database.authority' });
});

test('a worker runs the words of artisan that are asked for, and may end its job when it is asked to stop', () => {
  const [, worker] = laravel({ ...input, workers }).services as [Container, Container];
  expect(worker.command).toEqual(['php', 'artisan', 'queue:work', '--queue=high,default']);
  // The image of a web server names another signal
  expect(worker).toMatchObject({ stopSignal: 'SIGTERM', stopSeconds: 120, memoryMb: 300 });
});

test('its queue is in its database, unless its own settings name another', () => {
  const queueOf = (own: Partial<LaravelInput>) =>
    laravel({ ...input, ...own }).services.map((one) => variablesOf(one).QUEUE_CONNECTION);
  expect(queueOf({ workers })).toEqual(['database', 'database', 'database']);
  expect(queueOf({ workers, settings: { QUEUE_CONNECTION: 'sqs' } })).toEqual(['sqs', 'sqs', 'sqs']);
  // Jobs wait for the workers that come back
  expect(queueOf({ workers: { ...workers, count: 0 } })).toEqual(['database']);
});

test("its schema is migrated by a job of each release, once in the system, of the web server's image with its settings and files", () => {
  const { services, jobs } = laravel({ ...input, workers });
  const [{ env, image, user, secretFiles } = {}] = services;
  expect(jobs).toHaveLength(1);
  expect(jobs[0]).toMatchObject({ name: 'migrate', when: { release: true }, onceAcrossMachines: true });
  expect(jobs[0]?.steps).toMatchObject([
    { command: ['php', 'artisan', 'migrate', '--force'], env, image, user, secretFiles, stopSignal: 'SIGTERM' },
  ]);
  expect(JSON.stringify(services)).not.toContain('migrate');
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-schedule-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * The clock, on a computer where it is always ten seconds to the minute
 * @param knows whether the application knows a clock
 * @param minute how long it is until the next one, in seconds
 */
function clock(knows: boolean, minute = 0.2): { ended: Promise<number | null>; stop(): void; log(): string } {
  const log = join(folder, 'log');
  const programs = {
    php: `[ "$*" = "artisan schedule:run" ] || exec ${knows}\necho begun >>${log}; /bin/sleep 0.5; echo ended >>${log}`,
    sleep: `echo "sleep $1" >>${log}; exec /bin/sleep ${minute}`,
    date: 'echo 1700000030',
    'schedule.sh': fileText('laravel/schedule.sh'),
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), name.endsWith('.sh') ? text : `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const child = spawn('sh', [join(folder, 'schedule.sh')], { env: { PATH: `${folder}:${process.env.PATH}` } });
  return {
    ended: new Promise((resolve) => child.on('exit', resolve)),
    stop: () => child.kill('SIGTERM'),
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}

async function until(met: () => boolean): Promise<void> {
  for (const end = Date.now() + 50_000; !met() && Date.now() < end; ) await sleep(20);
}

test('the clock strikes at the full minute, also while what it began before is under way', async () => {
  const { ended, stop, log } = clock(true);
  await until(() => log().split('begun').length > 2);
  stop();
  await ended;
  expect(log()).toMatch(/^sleep 10\n/);
  expect(log().indexOf('begun', log().indexOf('begun') + 1)).toBeLessThan(log().indexOf('ended'));
});

test('a clock that is asked to stop lets what is under way end, and begins nothing more', async () => {
  const { ended, stop, log } = clock(true);
  await until(() => log().includes('begun'));
  stop();
  expect(await ended).toBe(0);
  const count = (word: string) => log().split(`${word}\n`).length - 1;
  expect(count('ended')).toBeGreaterThan(0);
  expect(count('begun')).toBe(count('ended'));
});

test('a clock stops at once where nothing is under way', async () => {
  const { ended, stop, log } = clock(true, 30);
  await until(() => log().includes('sleep'));
  const asked = Date.now();
  stop();
  expect(await ended).toBe(0);
  expect(Date.now() - asked).toBeLessThan(20_000);
});

test('an application that knows no clock ends it, so that the release is not taken for well', async () => {
  const { ended, log } = clock(false);
  expect(await ended).not.toBe(0);
  expect(log()).toBe('');
});
