import { expect, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import { clouds } from '../../../../src/clouds/registry.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { type Container, isContainer } from '../../../../src/model/service.ts';
import { blueprintOn } from '../../../../src/parts/blueprintOn.ts';
import { ruleFiles } from '../../../../src/parts/prometheus.ts';
import { offlineMachines } from '../../../../src/render/offline.ts';
import {
  type Answer,
  docker,
  folderOf,
  least,
  ownContainer,
  required,
  serviceImage,
} from '../../../../test/render/docker.ts';
import lostops from '../../system.ts';

// What is rendered for the programs that watch, read by the very images that run where they can be had.

const machine = { size: 'medium' };
const options = { version: '1.0.0', domain: 'lostops.localhost', contact: 'ops@example.org' };
const written = { cloud: 'local', ...options, app: machine, database: machine, monitoring: machine };
const config = {
  'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] },
  'berth:systems': { lostops: written },
};
const {
  environment,
  systems: [declared],
} = loadEnvironment({ stack: 'local', config, source: 'test' }, { lostops }, clouds, {
  secrets: 'names',
});
if (!declared) throw new Error('it is declared');
const { entry, cloud } = declared;
const blueprintWith = (own: object): Blueprint =>
  blueprintOn(lostops, { ...entry, options: { ...Object(entry.options), ...own } }, environment, cloud);
const blueprint = blueprintWith({});
const entries = offlineMachines(blueprint, environment, clouds).find(({ name }) => name === 'lostops-monitoring-0')
  ?.bundle.entries;

function serviceOf(name: string): Container {
  const found = blueprint.roles.monitoring?.services.find((service) => service.name === name);
  if (!found || !isContainer(found)) throw new Error(`no container ${name}`);
  return found;
}

/** The files of a service's configuration, by name */
const filesOf = (service: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries ?? {}).flatMap(([path, text]) => {
      const name = new RegExp(`^files/etc/berth/lostops/${service}/[0-9a-f]+/(.+)$`).exec(path)?.[1];
      return name === undefined ? [] : [[name, text]];
    }),
  );

/** As the machine checks it before a release */
async function check(service: string, files: Record<string, string>, context: TestContext): Promise<Answer> {
  const { image, checker = '', check: words = [], config, user } = serviceOf(service);
  const place = ['--user', user, '--network', 'none', '--volume', `${folderOf(files)}:${config?.path}:ro`];
  const program = ['--entrypoint', checker, required(await serviceImage(image), context)];
  return docker('run', ...ownContainer(service), ...least, ...place, ...program, ...words);
}

test('promtool accepts what Prometheus has, alerts too', async (context) => {
  const { code, output } = await check('prometheus', filesOf('prometheus'), context);
  expect(code, output).toBe(0);
  expect(output).toContain(`${ruleFiles.length} rule files found`);
});

test.for([
  ['prometheus.yaml', 'scrape_interval', 'scrape_intervall'],
  ['rules/services.yaml', 'probe_success == 0', 'probe_success === 0'],
] as const)('promtool notices a mistake in %s', async ([file, right, wrong], context) => {
  const files = filesOf('prometheus');
  const text = files[file]?.replace(right, wrong) ?? '';
  expect(text).toContain(wrong);
  expect((await check('prometheus', { ...files, [file]: text }, context)).code).not.toBe(0);
});

test('amtool accepts what Alertmanager has', async (context) => {
  const { code, output } = await check('alertmanager', filesOf('alertmanager'), context);
  expect(code, output).toBe(0);
});

test('Grafana, whose image cannot be had here, is given a source that is there, by its documented shape', () => {
  const { apiVersion, datasources } = parse(filesOf('grafana')['datasources/prometheus.yaml'] ?? '');
  expect(apiVersion).toBe(1);
  expect(datasources).toEqual([
    {
      name: 'Prometheus',
      uid: expect.stringMatching(/^[\w-]{1,40}$/),
      type: 'prometheus',
      access: 'proxy',
      url: expect.any(String),
      isDefault: true,
      editable: false,
    },
  ]);
  const { hostname, port } = new URL(datasources[0].url);
  expect(serviceOf('grafana').calls).toContain(hostname);
  expect(serviceOf(hostname).port).toBe(Number(port));
});

test('the exporter that asks sites accepts what it has, and notices a mistake', async (context) => {
  const files = filesOf('blackbox');
  const right = await check('blackbox', files, context);
  expect(right.code, right.output).toBe(0);
  const text = files['blackbox.yaml']?.replace('valid_status_codes', 'valid_status_code') ?? '';
  expect((await check('blackbox', { ...files, 'blackbox.yaml': text }, context)).code).not.toBe(0);
});

test.for([
  ['pcntl', 0, ''],
  ['what-it-has-not', 1, 'its PHP has no what-it-has-not'],
] as const)("a worker's PHP with or without %s: %i", async ([extension, code, said], context) => {
  const workers = { count: 1, command: ['queue:work'], memoryMb: 256, stopSeconds: 90 };
  const [, worker] = blueprintWith({ workers }).roles.app?.services ?? [];
  if (worker?.kind !== 'container') throw new Error('it has a worker');
  const image = required(await serviceImage(worker.image), context);
  const words = worker.check?.map((word) => word.replaceAll('pcntl', extension)) ?? [];
  const answer = await docker('run', ...ownContainer('worker'), ...least, '--user', worker.user, image, ...words);
  expect(answer).toEqual({ code, output: expect.stringContaining(said) });
});

test('on the machine, each service that is checked has the program that checks it', () => {
  const { services } = parse(entries?.['check.yaml'] ?? '');
  expect(services.prometheus).toMatchObject({ entrypoint: ['/bin/promtool'], network_mode: 'none' });
  expect(services.alertmanager).toMatchObject({ entrypoint: ['/bin/amtool'], network_mode: 'none' });
});
