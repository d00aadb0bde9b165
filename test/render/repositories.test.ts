import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { backupOptions } from '../../src/config/backupFields.ts';
import type { ContainerStep } from '../../src/model/job.ts';
import { resolve } from '../../src/model/value.ts';
import { mysql } from '../../src/parts/mysql.ts';
import { checkout } from '../../src/paths.ts';
import { linter } from '../../tools/lib/linters.ts';
import { freePort } from '../freePort.ts';
import { docker, folderOf, type Image, least, ownContainer, required, serviceImage } from './docker.ts';
import { keystone, type Login } from './repositories/keystone.ts';

// restic as a system's jobs run it, with the environment that they are given, against the real servers of other buckets than S3's.

const login: Login = {
  username: 'keeper',
  password: 'the-keeper-0123456789',
  project: '0123456789abcdef',
  region: 'GRA',
};
const servers: string[] = [];
let image: Image;
let swift: string;
let door: Awaited<ReturnType<typeof keystone>>;

beforeAll(async () => {
  image = await serviceImage(step('take').image);
  const folder = dirname(dirname(await linter('swift-proxy-server', () => undefined)));
  const port = await started(folder);
  swift = `http://127.0.0.1:${port}/v1/AUTH_test`;
  door = await keystone(port, login);
}, 400_000);

afterAll(() => {
  door?.close();
  for (const root of servers) {
    const pids = join(root, 'pids');
    const found = existsSync(pids) ? readFileSync(pids, 'utf8').split('\n').map(Number) : [];
    for (const pid of found.filter((one) => one > 0)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended
      }
    }
  }
});

/**
 * Starts Swift's servers
 * @returns the proxy's port
 */
async function started(folder: string): Promise<number> {
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
  const program = join(checkout, 'test', 'openstack', 'services', 'swift_server.py');
  const root = folderOf({});
  servers.push(root);
  const log = openSync(join(root, 'log'), 'w');
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  // Without the computer's own packages: its OpenSSL is not the one that these modules are for
  const child = spawn('python3', ['-S', program, root, ...ports.map(String)], { env, stdio: ['ignore', log, log] });
  closeSync(log);
  let last = '';
  for (const end = Date.now() + 90_000; Date.now() < end && child.exitCode === null; ) {
    const answer = await fetch(`http://127.0.0.1:${ports[0]}/v1/AUTH_test?format=json`).catch((error: Error) => error);
    if (answer instanceof Response && answer.ok) return ports[0];
    last = answer instanceof Response ? `status ${answer.status}` : String(answer.cause ?? answer);
    await new Promise((done) => setTimeout(done, 200));
  }
  const said = readFileSync(join(root, 'log'), 'utf8').slice(-2000);
  return expect.fail(`Swift does not answer (${last}), its code is ${child.exitCode}:\n${said}`);
}

beforeEach((context) => void required(image, context));

const given = mysql({
  ...{ role: 'database', calledBy: 'app', database: 'shop', user: 'clerk', memoryMb: 1024 },
  ...{ password: 'clerkPassword', rootPassword: 'rootPassword', exporterPassword: 'exporterPassword' },
  backups: { system: 'shop', ...backupOptions.parse({ storage: 'swift' }) },
});

/** The step of a task's job in which restic runs */
function step(does: 'take' | 'list' | 'restore'): ContainerStep {
  const { steps = [] } = given.roles?.database?.jobs?.find(({ backup }) => backup?.does === does) ?? {};
  const found = (steps as readonly ContainerStep[]).find(({ image }) => image.includes('restic'));
  if (!found) throw new Error(`restic is in no step of ${does}`);
  return found;
}

/** The disk of a machine, and the bucket that its backups lie in */
interface Disk {
  cache: string;
  bucket: string;
}

const disk = (bucket: string): Disk => {
  const cache = folderOf({});
  chmodSync(cache, 0o777);
  return { cache, bucket };
};

/** Runs restic's step of a task, with more or other variables; what it is given, or gives, is the stream */
async function ran(
  { cache, bucket }: Disk,
  does: 'take' | 'list' | 'restore',
  { env = {}, volumes = [], password = 'the-backups-0123456789', key = login.password, data = '' } = {} as {
    env?: Readonly<Record<string, string>>;
    volumes?: readonly string[];
    password?: string;
    key?: string;
    data?: string;
  },
) {
  const { env: own, command = [], config } = step(does);
  const fact = { ...login, password: key, bucket, endpoint: door.url };
  const facts = Object.fromEntries(Object.entries(fact).map(([name, value]) => [`buckets.backups.${name}`, value]));
  const variables = Object.entries({ ...own, ...env }).flatMap(([name, value]) => [
    '--env',
    `${name}=${resolve(value, facts, { backupsPassword: password })}`,
  ]);
  const scripts = folderOf(
    Object.fromEntries(
      Object.keys(config?.files ?? {}).map((name) => {
        const template = join(checkout, 'templates', 'backups', name);
        return [name, name.endsWith('.sh') ? readFileSync(template, 'utf8') : ''];
      }),
    ),
  );
  const stream = folderOf({ data });
  // The other end of the stream, as the step beside it has it
  const beside = {
    take: ': >/scratch/whole; cat /stream/data >/scratch/stream &',
    restore: 'cat /scratch/stream >/scratch/restored &',
    list: '',
  }[does];
  const script = `mkfifo /scratch/stream; ${beside} sh ${command.at(-1)}; code=$?; [ ! -s /scratch/restored ] || cat /scratch/restored; exit $code`;
  return docker(
    ...['run', ...ownContainer(`repositories-${randomBytes(3).toString('hex')}`), ...least, '--network', 'host'],
    ...['--user', '65534:65534', '--tmpfs', '/scratch:mode=1777', ...variables],
    ...[
      '--volume',
      `${scripts}:/etc/berth:ro`,
      '--volume',
      `${stream}:/stream:ro`,
      '--volume',
      `${cache}:/cache`,
      ...volumes,
    ],
    ...['--entrypoint', 'sh', 'reference' in image ? image.reference : '', '-c', script],
  );
}

const listed = async (of: Disk): Promise<readonly { short_id: string }[]> => {
  const { code, output } = await ran(of, 'list');
  expect(code, output).toBe(0);
  return JSON.parse(output.split('\n').find((line) => line.startsWith('[')) ?? '');
};

const data = randomBytes(300_000).toString('base64');

const kept = { KEEP: '--keep-last 1' };

test('in Swift a backup is taken, encrypted, and restored, and what is older than is kept is let go', async () => {
  const own = disk('shop-backups');
  const first = await ran(own, 'take', { data });
  expect(first.code, first.output).toBe(0);
  const restored = await ran(own, 'restore');
  expect(restored.code, restored.output.slice(0, 500)).toBe(0);
  expect(restored.output).toContain(data);
  expect(await ran(own, 'take', { data: 'the second', env: kept })).toMatchObject({ code: 0 });
  expect(await listed(own)).toHaveLength(1);
  expect((await ran(own, 'restore')).output).toContain('the second');
  const names = await objects('shop-backups');
  expect(names).toContain('config');
  const texts = await Promise.all(names.map(async (name) => (await fetch(`${swift}/shop-backups/${name}`)).text()));
  for (const part of ['the second', 'mysql', 'shop']) expect(texts.join()).not.toContain(part);
}, 180_000);

test('what is wrong with a repository is told apart, loses nothing, and a new one is begun only where that is asked for', async () => {
  const own = disk('gone');
  expect(await ran(own, 'take', { data })).toMatchObject({ code: 0 });
  const wrong = { code: 1, output: expect.stringContaining('the password is not that of the repository') };
  expect(await ran(own, 'take', { data, password: 'another' })).toMatchObject(wrong);
  const refused = { code: 1, output: expect.stringContaining("the repository can't be read") };
  expect(await ran(own, 'take', { data, key: 'another' })).toMatchObject(refused);
  expect(await listed(own)).toHaveLength(1);
  for (const name of await objects('gone')) await fetch(`${swift}/gone/${name}`, { method: 'DELETE' });
  await fetch(`${swift}/gone`, { method: 'DELETE' });
  const lost = { code: 1, output: expect.stringContaining('the repository is gone, with the former backups') };
  expect(await ran(own, 'take', { data })).toMatchObject(lost);
  expect(await ran(own, 'take', { data, env: { NEW: 'yes' } })).toMatchObject({ code: 0 });
  expect(await listed(own)).toHaveLength(1);
}, 180_000);

/** What restic 0.18 does at Azure where the container is not there: it asks again for a quarter of an hour */
const azure = `#!/bin/sh
echo 'Stat(<config/>) returned error, retrying after 1.15s: blob.GetProperties: HEAD https://shop.blob.core.windows.net/gone/config
RESPONSE 404: 404 The specified container does not exist.
ERROR CODE: ContainerNotFound' >&2
exit 124
`;

test.each([
  [
    'a bucket of Azure that is gone',
    azure,
    'the bucket of the repository is gone, or was never made: nothing was done',
  ],
  ['a repository that does not answer', '#!/bin/sh\nexit 124\n', 'has not answered within 120 s: nothing was done'],
])('%s is told as such', async (_, restic, why) => {
  // In the place of the program that ends restic when its time is over
  const ended = folderOf({ timeout: restic });
  chmodSync(join(ended, 'timeout'), 0o755);
  const path = { env: { PATH: '/ended:/usr/bin:/bin' }, volumes: ['--volume', `${ended}:/ended:ro`] };
  expect(await ran(disk('silent'), 'take', path)).toMatchObject({ code: 1, output: expect.stringContaining(why) });
});

const objects = async (bucket: string): Promise<readonly string[]> => {
  const found = (await (await fetch(`${swift}/${bucket}?format=json`)).json()) as { name: string }[];
  return found.map(({ name }) => name);
};
