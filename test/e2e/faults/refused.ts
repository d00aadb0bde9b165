import { expect, test } from 'vitest';
import type { ReleaseService } from '../../../src/render/releaseFormat.ts';
import { type Entries, type LastRelease, type Sent, send, withRelease } from '../byHand.ts';
import { load } from '../load.ts';
import { inMachine, type Options, type Run } from '../stack.ts';
import { anew, edited, editedService, other, type Scene, secretsIn, sendChanged, underLoad } from './scene.ts';

/** Faulty releases: each fails with its reason, without an effect on the live release */
export function refusedReleases(scene: () => Scene): void {
  test.each<[string, Options, string[]]>([
    ['an image that does not exist', { images: { backend: missing } }, [`image ${missing} can't be pulled`]],
    [
      'an image that cannot read its configuration',
      { images: { frontend: 'ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0' } },
      ['the configuration of frontend is not valid', 'exec nginx failed'],
    ],
    [
      'a backend that crashes when it starts',
      { env: { BERTH_FAULT: 'crash' } },
      ['backend: http://127.0.0.1:', '/version', ' restarts', 'weights are missing'],
    ],
  ])('up with %s fails with its reason, and the old release still serves', async (_name, options, reasons) => {
    const { stack } = scene();
    await stack.configure({ images: {}, env: {}, ...options });
    const failed = await underLoad(scene(), () => stack.up());
    expect(failed.code, failed.output).toBe(1);
    for (const reason of [...reasons, 'the former release is still serving']) expect(failed.output).toContain(reason);
    expectNoSecret(failed, scene().releases['3.3.0']);
  });

  test('the next up with correct options succeeds', async () => {
    const { stack, site } = scene();
    await stack.configure({ images: {}, env: {}, version: '3.3.1' });
    const good = await stack.up();
    expect(good.code, good.output).toBe(0);
    expect(await site.get('/api/version')).toMatchObject({ body: '3.3.1' });
  });

  test.each<[string, (text: string) => string]>([
    ['is cut short', (text) => text.slice(0, -100)],
    ['was changed in transit', (text) => `${text.slice(0, -100)}AAAA${text.slice(-96)}`],
    ['has no body', (text) => text.split('\n')[0] ?? ''],
    ['is empty', () => ''],
  ])('a bundle that %s is refused before anything is changed', async (_name, damage) => {
    const { release } = await other(scene());
    const damaged = { ...release, bundle: damage(release.bundle) };
    const refused = await underLoad(scene(), () => send(damaged).done);
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toMatch(
      /^the bundle arrived short or changed: nothing was done, \/var\/lib has \d+ MB free\n$/,
    );
  });

  test.each<[string, (entries: Entries) => Entries, string[]]>([
    [
      'an SSH server configuration',
      (entries) => edited(entries, 'files/etc/ssh/sshd_config.d/01-berth.conf', (text) => `${text}Nonsense yes\n`),
      ['/etc/ssh/sshd_config.d/01-berth.conf is not valid', 'Nonsense'],
    ],
    [
      'a firewall',
      (entries) => edited(entries, 'files/etc/berth/firewall.nft.conf', (text) => `${text}nonsense\n`),
      ['/etc/berth/firewall.nft.conf is not valid', 'syntax error'],
    ],
    [
      "an engine's configuration",
      (entries) => edited(entries, 'files/etc/docker/daemon.json', (text) => text.replace('{', '{ "nonsense": 1,')),
      ['/etc/docker/daemon.json is not valid', 'nonsense'],
    ],
    [
      'a log rotation',
      (entries) =>
        edited(entries, 'files/etc/logrotate.d/berth-basegun', (text) => `${text}\n/var/log/x {\n nonsense 1\n`),
      ['/etc/logrotate.d/berth-basegun is not valid'],
    ],
    [
      "the web server's configuration",
      (entries) =>
        anew(
          edited(entries, nginxIn(entries), (text) => `${text}nonsense;\n`),
          'frontend',
        ),
      ['the configuration of frontend is not valid', 'unknown directive "nonsense"'],
    ],
    [
      'a compose file',
      (entries) => editedService(entries, 'backend', { image: ['nonsense'] }),
      ['services.backend.image must be a string'],
    ],
  ])('%s that is invalid stops the release before a container starts', async (_name, change, reasons) => {
    expectRefused(await underLoad(scene(), () => sendChanged(scene(), change)), scene(), reasons);
  });

  test.each([
    ['has no program', ['/nonsense']],
    ['ends at once', ['false']],
  ])('if the new version of a replaced service %s, the former one is started again', async (_name, entrypoint) => {
    const shipper = () =>
      inMachine(
        scene().stack,
        `docker ps --all --filter label=berth.service=filebeat --format '{{.Label "berth.definition"}} {{.State}}'`,
      );
    const before = await shipper();
    expect(before).toMatch(/^\w+ running\n$/);
    const traffic = load(scene().site, 20);
    const refused = await sendChanged(scene(), (entries) =>
      anew(editedService(entries, 'filebeat', { entrypoint }, 'base'), 'filebeat'),
    );
    expect((await traffic.stop()).failures).toEqual([]);
    expectRefused(refused, scene(), []);
    expect(await shipper()).toBe(before);
  });

  test.each<[string, (entries: Entries) => Entries, (string | RegExp)[]]>([
    [
      'a health path that redirects',
      (entries) => editedService(hurried(entries), 'backend', { command: redirecting }),
      [/backend: http:\/\/127.0.0.1:\d+\/version answers 307; expected: 2xx/],
    ],
    [
      'a health check that never passes',
      (entries) => unhealthy(hurried(entries)),
      [
        'backend: http://127.0.0.1:',
        '500',
        'its container: running',
        // A check that is running at the deadline may take some seconds more, on a busy computer many
        /the new backend is not healthy after [1-3]\d s/,
      ],
    ],
    [
      'a program that prints its secrets and ends',
      (entries) =>
        editedService(entries, 'backend', { command: ['python3', '-c', 'import os; exit(str(os.environ))'] }),
      ["'AWS_SECRET_ACCESS_KEY': '[secret]'", ' restarts', 'the new backend is not healthy'],
    ],
    [
      'a reverse proxy that does not load the new routes',
      (entries) =>
        edited(
          edited(entries, 'routes.yaml', (text) => `${text}nonsense: [\n`),
          'engine/edge.py',
          (text) => text.replace('_FOLLOW_SECONDS = 20', '_FOLLOW_SECONDS = 6'),
        ),
      ['the edge does not serve the new release'],
    ],
    [
      'a machine without memory for old and new services',
      (entries) => backendWith(entries, { memoryMb: 20_000_000 }),
      [/MB of memory are available, the new services need up to 1\d{7} MB next to the old ones: choose a larger size/],
    ],
  ])('%s stops the release, and its reason is reported without a secret', async (_name, change, reasons) => {
    expectRefused(await underLoad(scene(), () => sendChanged(scene(), change)), scene(), reasons);
  });
}

const redirecting = [
  ...['python3', '-c'],
  `from http.server import *
class Elsewhere(BaseHTTPRequestHandler):
  def do_GET(self):
    self.send_response(307)
    self.send_header('Location', '/elsewhere')
    self.end_headers()
HTTPServer(('', 5000), Elsewhere).serve_forever()`,
];
const backendWith = (entries: Entries, own: Partial<ReleaseService>): Entries =>
  withRelease(entries, ({ services, ...all }) => ({
    ...all,
    services: services.map((one) => (one.name === 'backend' ? { ...one, ...own } : one)),
  }));
const hurried = (entries: Entries): Entries => backendWith(entries, { deadlineSeconds: 10 });

const missing = 'ghcr.io/datalab-mi/basegun/basegun-backend:9.9.9';

function expectRefused(refused: Sent, { releases }: Scene, reasons: readonly (string | RegExp)[]): void {
  expect(refused.code, refused.output).toBe(1);
  for (const reason of [...reasons, 'the former release is still serving']) expect(refused.output).toMatch(reason);
  expectNoSecret(refused, releases['3.3.0']);
}

function expectNoSecret({ output }: Pick<Run, 'output'>, release: LastRelease): void {
  const secrets = secretsIn(release);
  expect(secrets.length).toBeGreaterThan(3);
  for (const secret of secrets) expect(output.includes(secret), 'a secret is shown').toBe(false);
}

const nginxIn = (entries: Entries): string =>
  Object.keys(entries).find((name) => name.endsWith('/nginx.conf')) ?? 'nginx.conf';

const unhealthy = (entries: Entries): Entries =>
  editedService(entries, 'backend', { environment: { BERTH_FAULT: 'unhealthy' } });
