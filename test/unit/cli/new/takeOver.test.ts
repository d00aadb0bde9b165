import { describe, expect, test } from 'vitest';
import { dockerfileFacts } from '../../../../src/cli/new/dockerfile.ts';
import type { Draft, DraftService } from '../../../../src/cli/new/draft.ts';
import { draftOf } from '../../../../src/cli/new/draftOf.ts';
import { withEntry } from '../../../../src/cli/new/entry.ts';
import { findingsText, RefusedError } from '../../../../src/cli/new/finding.ts';
import { givenSources } from '../../../../src/cli/new/given.ts';
import { imageName } from '../../../../src/cli/new/knownImages.ts';
import { systemText } from '../../../../src/cli/new/text/system.ts';
import { taken, takenFile } from './takeOver.ts';

const serviceOf = ({ services }: Draft, name: string): DraftService => {
  const found = services.find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}: ${services.map((one) => one.name).join(', ')}`);
  return found;
};
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    throw error;
  }
  throw new Error('it was taken over');
};
const database = { ref: 'machines.database.0.privateAddress' };

test('WordPress: the database is a machine of its own, and the password of both is one secret', () => {
  const draft = takenFile('wordpress');
  expect(draft.database).toEqual({ kind: 'mysql', database: 'wordpress', user: 'wordpress' });
  const { env, user, rollout, mounts } = serviceOf(draft, 'wordpress');
  expect(env.WORDPRESS_DB_HOST).toEqual([database, ':3306']);
  expect(env.WORDPRESS_DB_PASSWORD).toEqual([{ secret: 'databasePassword' }]);
  expect(env.WORDPRESS_AUTH_KEY).toEqual([{ secret: 'wordpressAuthKey' }]);
  expect({ user, rollout }).toEqual({ user: '33:33', rollout: 'replace' });
  expect(mounts).toEqual([{ name: 'wp-data', path: '/var/www/html', readOnly: false }]);
  expect(findingsText(draft.findings)).toContain('wordpress.yml:29: phpmyadmin is a tool of development');
});

test('Django: workers run beside the site, and a release migrates before it starts them', () => {
  const draft = takenFile('django');
  expect(draft.services.map(({ name, rollout, port }) => [name, rollout, port])).toEqual([
    ['web', 'colours', 8000],
    ['worker', 'replace', undefined],
    ['beat', 'replace', undefined],
  ]);
  expect(draft.jobs.map(({ name, when }) => [name, when])).toEqual([['migrate', 'release']]);
  expect(draft.healthPath).toBe('/health/');
  expect(serviceOf(draft, 'worker')).toMatchObject({ stopSeconds: 90, image: { prefix: 'django.test/web:' } });
  expect(serviceOf(draft, 'web')).toMatchObject({ user: '1500:0', image: { prefix: 'django.test/web:' } });
  expect(draft.builds).toEqual([{ image: 'django.test/web:1.0.0', context: '.', dockerfile: 'docker/Dockerfile' }]);
  expect(serviceOf(draft, 'web').env.DATABASE_URL).toEqual([
    ...['postgres://shop:', { secret: 'databasePassword' }, '@', database],
    ':5432/shop?sslmode=verify-full&sslrootcert=/etc/berth-tls/authority.crt',
  ]);
  expect(serviceOf(draft, 'web').env.ALLOWED_HOSTS).toEqual([{ domain: true }]);
  expect(draft.asked).toEqual(['EMAIL_HOST']);
});

test('Rails: an administrator of the database gets a user of its own; the password of Redis is a secret in its URL', () => {
  const draft = takenFile('rails');
  expect(draft.database).toEqual({ kind: 'postgres', database: 'store_production', user: 'rails' });
  const { env, memoryMb, cpus } = serviceOf(draft, 'app');
  expect({ memoryMb, cpus }).toEqual({ memoryMb: 768, cpus: 1.5 });
  expect(env.DATABASE_URL?.[0]).toBe('postgresql://rails:');
  expect(env.REDIS_URL).toEqual([
    ...[
      { ref: 'caches.redis.scheme' },
      '://:',
      { secret: 'redisPassword' },
      '@',
      { ref: 'caches.redis.host' },
      ':6379/1',
    ],
  ]);
  expect(env.SECRET_KEY_BASE).toEqual([{ secret: 'secretKeyBase' }]);
  expect(findingsText(draft.findings)).toContain('app runs 2 times, and here once on a machine');
});

test('Laravel: the proxy is the edge, the address of the site is its own, words of drivers stay', () => {
  const draft = takenFile('laravel');
  expect(draft.services.map(({ name }) => name)).toEqual(['app', 'queue', 'scheduler']);
  const { env, port } = serviceOf(draft, 'app');
  expect(port).toBe(8080);
  expect(env).toMatchObject({
    APP_URL: [{ site: true }],
    DB_CONNECTION: ['mysql'],
    CACHE_DRIVER: ['redis'],
    DB_HOST: [database],
  });
  expect(env.MYSQL_ATTR_SSL_CA).toEqual(['/etc/berth-tls/authority.crt']);
  expect(findingsText(draft.findings)).toContain('laravel.yml:50: mysql runs scripts at its first start');
});

test('Next.js: the code of development stays out, the site knows its address, a secret is a file', () => {
  const draft = takenFile('nextjs');
  const { env, mounts, secretFiles, user, port } = serviceOf(draft, 'web');
  expect({ mounts, user, port }).toEqual({ mounts: [], user: '1000:1000', port: 3000 });
  expect(secretFiles).toEqual({ '/run/secrets/smtp_password': 'smtpPassword' });
  expect(env.NEXTAUTH_URL).toEqual([{ site: true }]);
  expect(env.NEXT_PUBLIC_API_KEY).toEqual(['public-key']);
  expect(env.SMTP_PASSWORD_FILE).toEqual(['/run/secrets/smtp_password']);
  expect(findingsText(draft.findings)).toContain('nextjs.yml:15: web has its code from .');
});

test('n8n: a port of a label, a worker of the same image, one folder that one service owns', () => {
  const draft = takenFile('n8n');
  expect(draft.services.map(({ name, port }) => [name, port])).toEqual([
    ['n8n', 5678],
    ['n8n-worker', undefined],
  ]);
  expect(draft.version).toBe('1.91.3');
  expect(serviceOf(draft, 'n8n').env.DB_POSTGRESDB_HOST).toEqual([database]);
  expect(serviceOf(draft, 'n8n').env.DB_POSTGRESDB_DATABASE).toEqual(['n8n']);
});

test('Umami and Nextcloud: a version behind a word of its tag, a folder that two services share', () => {
  expect(serviceOf(takenFile('umami'), 'umami').image).toEqual({ prefix: 'ghcr.io/umami-software/umami:postgresql-' });
  expect(takenFile('umami').version).toBe('v2.17.0');
  const nextcloud = takenFile('nextcloud');
  expect(nextcloud.services.map(({ name, mounts }) => [name, mounts[0]?.name])).toEqual([
    ['app', 'nextcloud'],
    ['cron', 'nextcloud'],
  ]);
  expect(serviceOf(nextcloud, 'app').env.REDIS_HOST_PASSWORD).toEqual([{ secret: 'redisPassword' }]);
});

test('an API behind Caddy: its port is in the Caddyfile, its own check stays, its database is asked by words', () => {
  const draft = takenFile('caddy');
  expect(draft.sites).toEqual([
    { service: 'api', prefix: '/' },
    { service: 'docs', prefix: '/', below: 'docs' },
  ]);
  const { env, healthCommand, stopSignal, user } = serviceOf(draft, 'api');
  expect({ healthCommand, stopSignal, user }).toEqual({
    ...{ healthCommand: ['/ledger', 'healthcheck'], stopSignal: 'SIGINT', user: '65532:65532' },
  });
  expect(env.DB_DSN).toEqual([
    ...['host=', database, ' user=ledger password=', { secret: 'databasePassword' }],
    ' dbname=ledger sslmode=verify-full sslrootcert=/etc/berth-tls/authority.crt',
  ]);
});

test('services by paths: a site leads to each, a bucket takes the place of the object store', () => {
  const draft = takenFile('microservices');
  expect(draft.sites).toEqual([
    { service: 'front', prefix: '/' },
    { service: 'api', prefix: '/api/' },
  ]);
  expect(serviceOf(draft, 'api').env).toMatchObject({
    S3_ENDPOINT: [{ ref: 'buckets.uploads.endpoint' }],
    S3_ACCESS_KEY: [{ ref: 'buckets.uploads.accessKey' }],
    S3_SECRET_KEY: [{ ref: 'buckets.uploads.secretKey' }],
  });
  // The consumer is replaced, and reaches only what is replaced as well
  expect(serviceOf(draft, 'api').rollout).toBe('replace');
  expect(serviceOf(draft, 'front')).toMatchObject({ rollout: 'colours', calls: ['api'] });
});

describe('what may not be left out is refused, with its line and the way', () => {
  test('a GPU', () => {
    expect(refusal(() => takenFile('gpu'))).toBe(
      'nothing was written\nrefused  gpu.yml:12: model asks for a GPU, which no machine of berth has\n         → run it where the GPU is, and give its address as a variable',
    );
    expect(takenFile('gpu', { without: ['model'] }).services.map(({ name }) => name)).toEqual(['chat']);
  });

  test("docker's socket; a program that only watches containers is left out", () => {
    const text = refusal(() => takenFile('socket'));
    expect(text).toContain("socket.yml:7: panel is given docker's socket");
    expect(text).toContain('--without panel');
    expect(text).not.toContain('watchtower');
  });

  test('images whose tags move, all at once; a pin settles one', () => {
    const text = refusal(() => takenFile('moving', { main: 'site' }));
    expect(text).toContain("moving.yml:4: site's image acme/site:latest moves");
    expect(text).toContain("moving.yml:7: agent's image acme/agent moves");
    expect(text).toContain('moving.yml:8: agent has the network of its machine');
    const draft = takenFile('moving', { without: ['agent'], pins: { site: '2.0.1' } });
    expect(draft).toMatchObject({ version: '2.0.1', services: [{ image: { prefix: 'docker.io/acme/site:' } }] });
    const digest = `sha256:${'a'.repeat(64)}`;
    const pinned = takenFile('moving', { without: ['agent'], pins: { site: digest } });
    expect(pinned.services[0]?.image).toEqual({ text: `docker.io/acme/site@${digest}` });
  });

  test('a file without a site, two databases, all rights', () => {
    expect(refusal(() => taken('services:\n  job: { image: a:1.0.0 }\n'))).toContain('no service answers HTTP');
    const two =
      'services:\n  a: { image: a:1.0.0, ports: ["80:80"] }\n  d: { image: postgres }\n  e:\n    image: mysql\n';
    expect(refusal(() => taken(two))).toContain('compose.yml:5: e is a second database');
    const rights = 'services:\n  a:\n    image: a:1.0.0\n    ports: ["80:80"]\n    privileged: true\n';
    expect(refusal(() => taken(rights))).toContain('compose.yml:5: a asks for all rights');
  });
});

test('what is left out or changed is said with its line: users, ports, memory, profiles, unknown variables', () => {
  const text = `services:
  app:
    image: a:1.0.0
    user: root
    ports: ["80:3000", "2222:22"]
    ulimits: { nofile: 1000 }
    environment:
      MAIL: \${MAIL_HOST}
  extra:
    image: b:1.0.0
    profiles: [debug]
`;
  const said = findingsText(taken(text).findings);
  for (const part of ['compose.yml:4: app runs as 10001:0', 'compose.yml:5: app was reached on port 22/tcp'])
    expect(said).toContain(part);
  for (const part of ['compose.yml:6: app has ulimits', `compose.yml:8: MAIL of app has no value: \${MAIL_HOST}`])
    expect(said).toContain(part);
  expect(said).toContain('compose.yml:11: extra starts only with the profile debug');
  expect(said).toContain('app says no health path');
});

test('values of env_file and .env are taken over; a secret among them is written nowhere', () => {
  const text = `services:\n  app:\n    image: a:\${TAG}\n    ports: ["80:80"]\n    env_file: [app.env, gone.env]\n`;
  const files: Record<string, string> = { '.env': 'TAG=1.2.3\n', 'app.env': 'LEVEL=info\nAPI_TOKEN=hunter2hunter2\n' };
  const draft = taken(text, {}, (path) => files[path]);
  expect(draft.version).toBe('1.2.3');
  expect(serviceOf(draft, 'app').env).toEqual({ LEVEL: ['info'], API_TOKEN: [{ secret: 'apiToken' }] });
  expect(JSON.stringify(draft)).not.toContain('hunter2');
  expect(findingsText(draft.findings)).toContain(
    'compose.yml:5: app has its variables from gone.env, which is not there',
  );
});

test('no site of another product is expected to tell its version', () => {
  expect(systemText(takenFile('ghost'))).toContain("probe: { path: '/ghost/api/admin/site/', tellsVersion: false }");
});

test('flags make what a Compose file would: database, cache, bucket, workers and tasks', () => {
  const flags = {
    image: 'ghcr.io/acme/wiki:1.4.2',
    port: 8000,
    database: 'postgres',
    cache: true,
    bucket: true,
  } as const;
  const sources = givenSources({ ...flags, workers: ['bin/worker'], schedules: ['*-*-* 03:00=bin/clean'] });
  const draft = draftOf({ name: 'wiki', sources, health: '/up', domain: 'wiki.localhost' });
  expect(draft).toMatchObject({
    version: '1.4.2',
    healthPath: '/up',
    buckets: ['uploads'],
    caches: [{ name: 'redis' }],
  });
  expect(draft.services.map(({ name, command }) => [name, command])).toEqual([
    ['app', undefined],
    ['worker', ['sh', '-c', 'bin/worker']],
  ]);
  expect(draft.jobs).toMatchObject([{ name: 'task', when: { calendar: '*-*-* 03:00' } }]);
  expect(() => givenSources({ schedules: ['hourly'] })).toThrow('hourly is no schedule');
});

test('a Dockerfile says port, user, check and signal of its last stage', () => {
  const text = `FROM a AS build\nUSER 1\nFROM b\nARG P=8080\nEXPOSE \${P}/tcp 9000\nUSER 1000:1000\nSTOPSIGNAL SIGINT\nHEALTHCHECK --interval=5s \\\n  CMD ["check"]\n`;
  expect(dockerfileFacts(text)).toEqual({ port: 8080, user: '1000:1000', stopSignal: 'SIGINT', health: ['check'] });
});

test.each([
  ['wordpress', { name: 'docker.io/library/wordpress' }],
  [
    'acme/app:v1.2.3-rc.1',
    { name: 'docker.io/acme/app', pinned: { prefix: '', version: 'v1.2.3-rc.1' }, tag: 'v1.2.3-rc.1' },
  ],
  ['localhost:5000/app:1.2', { name: 'localhost:5000/app', tag: '1.2' }],
  ['ghcr.io/a/b:web-1.2.3', { name: 'ghcr.io/a/b', pinned: { prefix: 'web-', version: '1.2.3' }, tag: 'web-1.2.3' }],
])('image %s', (text, expected) => expect(imageName(text)).toEqual(expected));

test('the entry is added to the systems of a file, and the rest of it stays', () => {
  const text =
    '# mine\nconfig:\n  berth:systems:\n    a: # one\n      cloud: local\n  # behind\n  berth:network: 10.0.0.0/20\n';
  expect(withEntry(text, 'b', { cloud: 'local', version: '1.0.0' })).toBe(
    '# mine\nconfig:\n  berth:systems:\n    a: # one\n      cloud: local\n    b:\n      cloud: local\n      version: 1.0.0\n  # behind\n  berth:network: 10.0.0.0/20\n',
  );
  expect(withEntry(text, 'a', {})).toBeUndefined();
  expect(withEntry('config: {}\n', 'a', {})).toBeUndefined();
});
