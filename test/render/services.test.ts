import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { containerName, docker, folderOf, machineImage, ownContainer, required, serviceImage } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';
import { type RenderedMachine, renderedMachines, stacks } from './rendered.ts';

// What is rendered for programs that run in containers, read by the very images that run: least rights, no network.

let machine: Machine | undefined;
beforeAll(async () => {
  machine = await startMachine('services');
});
afterAll(() => machine?.remove());

const all = stacks.flatMap((stack) => renderedMachines(stack).map((rendered) => ({ stack, rendered })));
const first = all[0]?.rendered as RenderedMachine;

/** The files of one folder of /etc/berth/basegun, without its hash */
function configOf({ bundle }: RenderedMachine, service: string): Record<string, string> {
  const prefix = `files/etc/berth/basegun/${service}/`;
  const files = Object.entries(bundle.entries).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(files.map(([path, content]) => [path.replace(/.*\//, ''), content]));
}

const least = [
  ...['--read-only', '--tmpfs', '/tmp:mode=1777,size=64m', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges:true', '--init'],
];

/** A program's own check of its configuration, as the machine runs it before a release */
async function checked(image: string, service: string, files: Record<string, string>, more: string[], words: string[]) {
  const container = first.input.role.services.find(({ name }) => name === service);
  const path = container?.configs[0]?.path ?? '';
  const owner = `${process.getuid?.() ?? 0}:0`;
  const options = ['--user', owner, '--volume', `${folderOf(files)}:${path}:ro`, '--network', 'none'];
  return docker('run', ...ownContainer(service), ...least, ...options, ...more, image, ...words);
}

async function imageOf(service: string, context: TestContext): Promise<string> {
  const container = first.input.role.services.find(({ name }) => name === service);
  return required(await serviceImage(container?.image ?? ''), context);
}

const checkOf = (service: string): string[] => [
  ...(first.input.role.services.find(({ name }) => name === service)?.check ?? []),
];

const settings = ['OUTPUT_URL=https://logs.example:9200', 'OUTPUT_USERNAME=u', 'OUTPUT_PASSWORD=a,b', 'X_OVH_TOKEN=0012,3'];
const environment = settings.flatMap((setting) => ['--env', setting]);

test.each(all)('nginx -t accepts what $stack has', async ({ rendered }, context) => {
  const image = await imageOf('frontend', context);
  const answer = await checked(image, 'frontend', configOf(rendered, 'frontend'), [], checkOf('frontend'));
  expect(answer.code, answer.output).toBe(0);
});

test('nginx -t notices a mistake', async (context) => {
  const spoiled = spoil(configOf(first, 'frontend'), 'nginx.conf', 'server_tokens', 'server_token');
  const answer = await checked(await imageOf('frontend', context), 'frontend', spoiled, [], checkOf('frontend'));
  expect(answer.output).toContain('unknown directive "server_token"');
  expect(answer.code).not.toBe(0);
});

test.each(all)('filebeat test config accepts what $stack has', async ({ rendered }, context) => {
  const image = await imageOf('filebeat', context);
  const answer = await checked(image, 'filebeat', configOf(rendered, 'filebeat'), environment, checkOf('filebeat'));
  expect(answer.code, answer.output).toBe(0);
});

test('filebeat test config notices a mistake', async (context) => {
  const spoiled = spoil(configOf(first, 'filebeat'), 'filebeat.yml', 'hosts:', 'hosts: {}\n  hots:');
  const answer = await checked(await imageOf('filebeat', context), 'filebeat', spoiled, environment, checkOf('filebeat'));
  expect(answer.code).not.toBe(0);
});

test('filebeat ships a line with its fields at the root and the token as it is, commas and all', async (context) => {
  const logs = folderOf({ '0123456789ab/log.json': '{"short_message":"Identification request","_bg_version":"3.3.0"}\n' });
  const console = ['-E', 'output.elasticsearch.enabled=false', '-E', 'output.console.pretty=false', '--once'];
  const answer = await checked(
    await imageOf('filebeat', context),
    'filebeat',
    configOf(first, 'filebeat'),
    [...environment, '--volume', `${logs}:/var/log/shipped:ro`, '--tmpfs', '/var/lib/filebeat:mode=1777'],
    ['-e', '-c', '/etc/filebeat/filebeat.yml', ...console],
  );
  const event = answer.output.split('\n').find((line) => line.startsWith('{"@timestamp"')) ?? answer.output;
  expect(JSON.parse(event)).toMatchObject({
    short_message: 'Identification request',
    _bg_version: '3.3.0',
    'X-OVH-TOKEN': '0012,3',
  });
});

test.each(all)('traefik serves $stack as its routes say', async ({ stack, rendered }, context) => {
  const traefik = await startTraefik(rendered, rendered.bundle.entries['routes.yaml'] ?? '', context);
  const domain = rendered.input.role.edge?.domain ?? '';
  const own = stack === 'prod' ? `http://${domain}` : `https://${domain}`;
  const answer = await traefik.until(own, (head) => /berth-generation: 7/i.test(head));
  await traefik.stop();
  expect(answer.head).toMatch(/^HTTP\/\S+ 200/);
  expect(answer.head).toMatch(/strict-transport-security: max-age=63072000/i);
  expect(answer.head).toMatch(/x-content-type-options: nosniff/i);
  // Without a network the certificate is the one thing that it may miss
  expect(traefik.errors(answer.log)).toEqual([]);
  const redirect = /^HTTP\S* 301[\s\S]*?location: (\S+)/i.exec(answer.plain)?.[1];
  if (stack !== 'prod') expect(redirect).toBe(`https://${domain}${stack === 'local' ? ':8443' : ''}/a?b=c`);
});

test('a mistake in the routes of traefik is seen: no answer comes from behind them', async (context) => {
  const routes = (first.bundle.entries['routes.yaml'] ?? '').replace('Host(', 'Hots(');
  const traefik = await startTraefik(first, routes, context);
  const answer = await traefik.until(`https://${first.input.role.edge?.domain}`, (head) => / 404/.test(head));
  await traefik.stop();
  expect(answer.head).not.toMatch(/berth-generation/i);
  expect(traefik.errors(answer.log)).not.toEqual([]);
});

test('traefik refuses a setting that it does not know', async (context) => {
  const image = required(await serviceImage(first.input.role.edge?.image ?? ''), context);
  const spoiled = spoil(configOf(first, 'traefik'), 'traefik.yaml', 'bufferingSize', 'bufferingSiz');
  const options = [...least, '--network', 'none', '--volume', `${folderOf(spoiled)}:/etc/traefik/start:ro`];
  const answer = await docker('run', ...ownContainer('traefik'), ...options, image, ...traefikCommand);
  expect(answer.output).toContain('bufferingSiz');
  expect(answer.code).not.toBe(0);
});

const traefikCommand = ['--configFile=/etc/traefik/start/traefik.yaml'];

/** The edge as the machine starts it, on the network of a machine where something listens as the frontend does */
async function startTraefik(rendered: RenderedMachine, routes: string, context: TestContext) {
  const image = required(await serviceImage(rendered.input.role.edge?.image ?? ''), context);
  required(await machineImage, context);
  const name = 'traefik';
  const live = routes.replaceAll('@frontend@', '23702').replaceAll('@generation@', '7');
  const volumes = [
    `${folderOf(configOf(rendered, 'traefik'))}:/etc/traefik/start:ro`,
    `${folderOf({ 'routes.yaml': live })}:/etc/traefik/routes:ro`,
  ].flatMap((volume) => ['--volume', volume]);
  const writable = ['/var/lib/acme', '/var/log/traefik'].flatMap((path) => ['--tmpfs', path]);
  const rights = ['--user', '0:0', '--cap-add', 'NET_BIND_SERVICE', '--network', machine?.network ?? ''];
  const trust = configOf(rendered, 'traefik')['authority.pem'] ? ['--env', 'LEGO_CA_CERTIFICATES=/etc/traefik/start/authority.pem'] : [];
  await machine?.run('mkdir -p /root/site; cd /root/site; (python3 -m http.server --bind 127.0.0.1 23702 >/dev/null 2>&1 &)');
  const options = ['--detach', ...ownContainer(name), ...least, ...rights, ...volumes, ...writable, ...trust];
  const started = await docker('run', ...options, image, ...traefikCommand);
  expect(started.code, started.output).toBe(0);
  const ask = async (url: string): Promise<string> => {
    const resolved = [80, 443].map((port) => `--resolve ${new URL(url).hostname}:${port}:127.0.0.1`).join(' ');
    return (await machine?.run(`curl --silent --insecure --max-time 3 --dump-header - ${resolved} '${url}'`))?.output ?? '';
  };
  return {
    async until(url: string, wanted: (head: string) => boolean) {
      let head = '';
      for (let attempt = 0; attempt < 40 && !wanted(head); attempt += 1) {
        await sleep(150);
        head = await ask(url);
      }
      const plain = await ask(`${url.replace('https:', 'http:')}/a?b=c`);
      return { head, plain, log: (await docker('logs', containerName(name))).output };
    },
    stop: () => docker('rm', '--force', containerName(name)),
    errors: (log: string) => log.split('\n').filter((line) => /\b(ERR|FTL)\b/.test(line) && !/ACME/.test(line)),
  };
}

function spoil(files: Record<string, string>, name: string, right: string, wrong: string): Record<string, string> {
  const text = files[name] ?? '';
  expect(text).toContain(right);
  return { ...files, [name]: text.replace(right, wrong) };
}
