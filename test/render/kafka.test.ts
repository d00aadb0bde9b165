import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Container } from '../../src/model/service.ts';
import { cacheFolder } from '../../src/paths.ts';
import { containerName, docker, folderOf, type Image, least, ownContainer, required, serviceImage } from './docker.ts';
import { configOf, renderedMachines } from './rendered.ts';

// What is rendered for the genuine Filebeat, as it ships to a Kafka server that is one in all that it can see of it: Azure's
// Event Hubs in small, on loopback.

const [machine] = renderedMachines('local');
const shipper = machine?.input.role.services.find(({ name }) => name === 'filebeat') as Container;
const password = 'Endpoint=sb://logs.example/;SharedAccessKeyName=send;SharedAccessKey=a,b$c=;EntityPath=app';
const started: ChildProcess[] = [];
let server: Image;

beforeAll(async () => {
  server = await kafka();
}, 240_000);

afterEach(async () => {
  for (const child of started.splice(0)) child.kill();
  await docker('rm', '--force', containerName('kafka-filebeat'));
});

test('a line arrives in the topic of the stream, not compressed and without the token that there is none of', async (context) => {
  const { records } = await shipped(password, context);
  const { value: record } = await records.next();
  expect(JSON.parse(record)).toMatchObject({
    topic: 'app',
    compression: 0,
    event: { short_message: 'Identification request', _bg_version: '3.3.0' },
  });
  expect(record).not.toContain('X-OVH-TOKEN');
});

test('with another password nothing is let in', async (context) => {
  const { refusals } = await shipped('another', context);
  expect((await refusals.next()).value).toContain('a wrong user or password');
});

/** Filebeat and the server, both started; what the server says of them, line by line */
async function shipped(given: string, context: Parameters<typeof required>[1]) {
  const program = required(server, context);
  const image = required(await serviceImage(shipper.image), context);
  const certificates = folderOf({});
  const child = spawn(program, ['app', join(certificates, 'ca.pem')], { env: { PASSWORD: password } });
  started.push(child);
  const records = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const refusals = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
  const { broker } = JSON.parse((await records.next()).value) as { broker: string };
  const facts = {
    ...{ OUTPUT_OPENSEARCH: 'false', OUTPUT_KAFKA: 'true', OUTPUT_URL: `kafka://${broker}`, OUTPUT_BROKER: broker },
    ...{ OUTPUT_USERNAME: '$ConnectionString', OUTPUT_PASSWORD: given, X_OVH_TOKEN: '' },
  };
  expect(Object.keys(shipper.env).sort()).toEqual(Object.keys(facts).sort());
  const line = '{"short_message":"Identification request","_bg_version":"3.3.0"}\n';
  const logs = folderOf({ '0123456789ab/log.json': line });
  const config = machine ? folderOf(configOf(machine, 'filebeat')) : '';
  const answer = await docker(
    ...['run', '--detach', ...ownContainer('kafka-filebeat'), ...least],
    // As in services.test.ts: Filebeat takes a configuration of its own user or of root alone
    ...['--user', `${process.getuid?.() ?? 0}:0`, '--network', 'host'],
    ...Object.entries(facts).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--volume', `${config}:${shipper.config?.path}:ro`, '--volume', `${logs}:/var/log/shipped:ro`],
    ...['--volume', `${certificates}:/ca:ro`, '--tmpfs', '/var/lib/filebeat:mode=1777', image],
    ...(shipper.command ?? []),
    ...['-E', 'output.kafka.ssl.certificate_authorities=["/ca/ca.pem"]'],
  );
  expect(answer.code, answer.output).toBe(0);
  return { records, refusals };
}

/** The server's program, compiled once for the same sources; needs Go, and a module proxy the first time */
async function kafka(): Promise<Image> {
  const sources = new URL('./kafka/', import.meta.url).pathname;
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  const folder = join(cacheFolder(), 'programs');
  const target = join(folder, `kafka-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return { reference: target };
  mkdirSync(folder, { recursive: true });
  const aside = `${target}.${process.pid}`;
  try {
    await promisify(execFile)('go', ['build', '-o', aside, '.'], {
      cwd: sources,
      env: { ...process.env, GOWORK: 'off' },
    });
    renameSync(aside, target);
    return { reference: target };
  } catch (error) {
    return { absent: `the Kafka server could not be compiled: ${error instanceof Error ? error.message : error}` };
  }
}
