import { expect, test } from 'vitest';
import type { Container } from '../../../src/model/service.ts';
import { logShipping } from '../../../src/parts/logShipping.ts';

function shipping(name = 'app') {
  const input = { role: 'web', stream: name, folder: 'api', glob: '*.json', user: '10001:0' };
  const { roles, logStreams: [stream] = [] } = logShipping(input);
  return { stream, service: roles?.web?.services?.[0] as Container };
}
const configuration = (stream?: string) => {
  const { 'filebeat.yml': file } = shipping(stream).service.config?.files ?? {};
  return (file as { yaml: Record<string, Record<string, unknown>> }).yaml;
};

test('a shipper of another folder and stream has both of its own', () => {
  const { stream, service } = shipping('audit');
  expect(stream).toEqual({ name: 'audit' });
  expect(service.env.X_OVH_TOKEN).toEqual({ ref: 'logStreams.audit.token' });
  expect(service.mounts.map((mount) => 'name' in mount && mount.name)).toEqual(['api', 'filebeat']);
  expect(JSON.stringify(service.config)).toContain('/var/log/shipped/*.json');
  expect(configuration('audit')['output.kafka']?.topic).toBe('audit');
  expect(service.rollout).toBe('replace');
});

test('a configuration holds no secret: variables name them, between quotes, empty where there is none', () => {
  const text = JSON.stringify(configuration());
  for (const variable of ['OUTPUT_URL', 'OUTPUT_BROKER', 'OUTPUT_USERNAME', 'OUTPUT_PASSWORD', 'X_OVH_TOKEN'])
    expect(text).toContain(`"'\${${variable}:}'"`);
});

test("the cloud's facts choose the protocol: one configuration for all clouds", () => {
  const { env } = shipping().service;
  expect(env.OUTPUT_OPENSEARCH).toEqual({ ref: 'logStreams.app.opensearch' });
  expect(env.OUTPUT_KAFKA).toEqual({ ref: 'logStreams.app.kafka' });
  const { 'output.elasticsearch': opensearch, 'output.kafka': kafka } = configuration();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Filebeat expands it
  expect(opensearch?.enabled).toBe('${OUTPUT_OPENSEARCH}');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Filebeat expands it
  expect(kafka?.enabled).toBe('${OUTPUT_KAFKA}');
});

test('over Kafka it speaks what Event Hubs takes: TLS, its version, nothing compressed', () => {
  expect(configuration()['output.kafka']).toMatchObject({
    'ssl.enabled': true,
    version: '1.0.0',
    compression: 'none',
  });
});
