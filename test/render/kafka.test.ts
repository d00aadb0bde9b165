import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Container } from '../../src/model/service.ts';
import { containerName, docker, folderOf, given, least, ownContainer, required, serviceImage } from './docker.ts';
import { type Kafka, kafka } from './kafka.ts';
import { configOf, renderedMachines } from './rendered.ts';

// What is rendered for the genuine Filebeat, as it ships to Apache Kafka's own server with a login as Azure's Event Hubs have it

const [machine] = renderedMachines('local');
const shipper = machine?.input.role.services.find(({ name }) => name === 'filebeat') as Container;
const user = '$ConnectionString';
const password = 'Endpoint=sb://logs.example/;SharedAccessKeyName=send;SharedAccessKey=a,b$c=;EntityPath=app';
let server: Kafka;

beforeAll(async () => {
  server = await kafka({ user, password });
}, 600_000);

afterEach(() => docker('rm', '--force', containerName('kafka-filebeat')));

afterAll(() => server?.close());

test('with another password nothing is let in', async (context) => {
  await shipping('another', context);
  expect(await server.says(/Failed authentication with/)).toContain('Invalid username or password');
  expect(server.holds('app')).toBe(false);
});

test('a line arrives in the topic of the stream, not compressed and without the token that there is none of', async (context) => {
  await shipping(password, context);
  const { compression, records } = await server.held('app');
  expect(compression).toBe('none');
  expect(records.map((record) => JSON.parse(record))).toEqual([
    expect.objectContaining({ short_message: 'Identification request', _bg_version: '3.3.0' }),
  ]);
  expect(records.join()).not.toContain('X-OVH-TOKEN');
});

/** Starts Filebeat, with one line to ship */
async function shipping(offered: string, context: Parameters<typeof required>[1]): Promise<void> {
  const image = required(await serviceImage(shipper.image), context);
  const facts = {
    ...{ OUTPUT_OPENSEARCH: 'false', OUTPUT_KAFKA: 'true', X_OVH_TOKEN: '' },
    ...{ OUTPUT_URL: `kafka://${server.broker}`, OUTPUT_BROKER: server.broker },
    ...{ OUTPUT_USERNAME: user, OUTPUT_PASSWORD: offered },
  };
  expect(Object.keys(shipper.env).sort()).toEqual(Object.keys(facts).sort());
  const line = '{"short_message":"Identification request","_bg_version":"3.3.0"}\n';
  const logs = folderOf({ '0123456789ab/log.json': line });
  const config = machine ? folderOf(configOf(machine, 'filebeat')) : '';
  const authority = folderOf({ 'ca.pem': server.certificate });
  const answer = await docker(
    ...['run', '--detach', ...ownContainer('kafka-filebeat'), ...least],
    // As in services.test.ts: Filebeat takes a configuration of its own user or of root alone
    ...['--user', `${process.getuid?.() ?? 0}:0`, '--network', 'host', ...given(facts)],
    ...['--volume', `${config}:${shipper.config?.path}:ro`, '--volume', `${logs}:/var/log/shipped:ro`],
    ...['--volume', `${authority}:/ca:ro`, '--tmpfs', '/var/lib/filebeat:mode=1777', image],
    ...(shipper.command ?? []),
    ...['-E', 'output.kafka.ssl.certificate_authorities=["/ca/ca.pem"]'],
  );
  expect(answer.code, answer.output).toBe(0);
}
