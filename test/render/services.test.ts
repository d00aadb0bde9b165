import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { type Container, isContainer } from '../../src/model/service.ts';
import { type Answer, containerName, docker, folderOf, least, ownContainer, required, serviceImage } from './docker.ts';
import { configOf, renderedMachines, spoil, stacks } from './rendered.ts';

// What is rendered for programs that run in containers, read by the very images that run: least rights, no network.

const all = stacks.flatMap((stack) => renderedMachines(stack, 'basegun').map((rendered) => ({ stack, rendered })));
const [{ rendered: first }] = all as [(typeof all)[number]];

interface Run {
  files: Record<string, string>;
  /** Further options of `docker run` */
  options?: readonly string[];
  /** @default the service's own check, as the machine runs it before a release */
  words?: readonly string[];
}

async function run(service: string, { files, options = [], words }: Run, context: TestContext): Promise<Answer> {
  const container = serviceOf(service);
  const image = required(await serviceImage(container.image), context);
  const path = container.config?.path;
  // Filebeat takes a configuration of its own user or of root alone
  const user = service === 'filebeat' ? `${process.getuid?.() ?? 0}:0` : container.user;
  const place = ['--user', user, '--network', 'none', '--volume', `${folderOf(files)}:${path}:ro`];
  return docker(
    ...['run', ...ownContainer(service), ...least, ...place, ...options, image],
    ...(words ?? container.check ?? []),
  );
}

function serviceOf(name: string): Container {
  const found = first.input.role.services.filter(isContainer).find((service) => service.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

const settings = [
  'OUTPUT_OPENSEARCH=true',
  'OUTPUT_KAFKA=false',
  'OUTPUT_URL=https://logs.example:9200',
  'OUTPUT_BROKER=logs.example:9200',
  'OUTPUT_USERNAME=u',
  'OUTPUT_PASSWORD=a,b',
  'X_OVH_TOKEN=0012,3',
];
const environment = settings.flatMap((setting) => ['--env', setting]);

test.for(all)('nginx -t accepts what $stack has', async ({ rendered }, context) => {
  const answer = await run('frontend', { files: configOf(rendered, 'frontend') }, context);
  expect(answer.code, answer.output).toBe(0);
});

test('nginx -t notices a mistake', async (context) => {
  const files = spoil(configOf(first, 'frontend'), 'nginx.conf', 'server_tokens', 'server_token');
  const answer = await run('frontend', { files }, context);
  expect(answer.output).toContain('unknown directive "server_token"');
  expect(answer.code).not.toBe(0);
});

test.for(all)('filebeat test config accepts what $stack has', async ({ rendered }, context) => {
  const answer = await run('filebeat', { files: configOf(rendered, 'filebeat'), options: environment }, context);
  expect(answer.code, answer.output).toBe(0);
});

test('filebeat test config notices a mistake', async (context) => {
  const files = spoil(configOf(first, 'filebeat'), 'filebeat.yml', 'hosts:', 'hosts: {}\n  hots:');
  expect((await run('filebeat', { files, options: environment }, context)).code).not.toBe(0);
});

test('filebeat ships a line with its fields at the root and its token as it is, comma and all', async (context) => {
  const line = '{"short_message":"Identification request","_bg_version":"3.3.0"}\n';
  const logs = folderOf({ '0123456789ab/log.json': line });
  const mounts = ['--volume', `${logs}:/var/log/shipped:ro`, '--tmpfs', '/var/lib/filebeat:mode=1777'];
  const words = [
    ...(serviceOf('filebeat').command ?? []),
    '-E',
    'output.elasticsearch.enabled=false',
    '-E',
    'output.console.pretty=false',
  ];
  const options = ['--detach', ...environment, ...mounts];
  const started = await run('filebeat', { files: configOf(first, 'filebeat'), options, words }, context);
  expect(started.code, started.output).toBe(0);
  const event = await firstEvent();
  await docker('rm', '--force', containerName('filebeat'));
  expect(JSON.parse(event)).toMatchObject({
    short_message: 'Identification request',
    _bg_version: '3.3.0',
    'X-OVH-TOKEN': '0012,3',
  });
});

async function firstEvent(): Promise<string> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { output } = await docker('logs', containerName('filebeat'));
    const event = output.split('\n').find((line) => line.startsWith('{"@timestamp"'));
    if (event !== undefined) return event;
    if (Date.now() > end) throw new Error(`nothing was shipped:\n${output}`);
    await sleep(200);
  }
}
