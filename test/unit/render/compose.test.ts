import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { baseFile, checkFile, coloursFile } from '../../../src/render/compose.ts';
import { literal } from '../../../src/render/container.ts';
import { definitions } from '../../../src/render/definition.ts';
import { yaml } from '../../../src/render/yaml.ts';
import { anyText } from '../../anyText.ts';
import { container, definitionOf, machineInput } from './fixtures.ts';

const services = [
  container({
    name: 'page',
    port: 8080,
    calls: ['the-api'],
    check: ['page', '-t'],
    config: { path: '/etc/page', files: { a: { yaml: 1 } } },
  }),
  container({
    name: 'the-api',
    port: 5000,
    mounts: [{ kind: 'logs', name: 'api', path: '/logs', readOnly: false, perRelease: true, owner: '10001:0' }],
  }),
];
const both = definitions(machineInput({ services }));

/** Two dollars are one; a single one begins a variable, which is empty here */
const readByCompose = (text: string): string => text.replace(/\$(\$?)/g, (_, second) => second);

test('text is escaped so that compose gives it back', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(readByCompose(parse(yaml({ a: literal(text) })).a)).toBe(text);
    }),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
    { examples: [['$'], ['$$'], ['a$b'], ['${HOME}'], ['\t"\\\n']] },
  );
});

test('ports of the machine are bound to loopback alone', () => {
  const { services: made } = parse(coloursFile('shop', both));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
  expect(made.page.ports).toEqual(['127.0.0.1:${PAGE_PORT}:8080']);
  expect(parse(baseFile('shop', both)).services.page.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+:8080$/)]);
});

test('only what is exposed to other machines is bound to all addresses', () => {
  const [exposed] = definitions(
    machineInput({ services: [container({ port: 6379, exposed: 6380, rollout: 'replace' })] }),
  );
  const { ports } = parse(baseFile('shop', exposed ? [exposed] : [])).services.app;
  expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/), '0.0.0.0:6380:6379']);
});

test('a service is on its own network, and on those that it calls', () => {
  const { services: made, networks } = parse(coloursFile('shop', both));
  expect(Object.keys(made.page.networks)).toEqual(['page', 'the-api']);
  expect(Object.keys(made['the-api'].networks)).toEqual(['the-api']);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
  expect(networks['the-api']).toEqual({ name: 'shop-the-api-${THE_API_COLOUR}', external: true });
});

test('every container has the least rights', () => {
  for (const file of [coloursFile('shop', both), baseFile('shop', both), checkFile('shop', both)]) {
    for (const service of Object.values<Record<string, unknown>>(parse(file).services)) {
      expect(service).toMatchObject({
        read_only: true,
        init: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        user: '10001:0',
        mem_limit: '100m',
        pids_limit: 512,
        logging: { options: { 'max-size': '10m', 'max-file': '3' } },
      });
      expect(service).not.toHaveProperty('privileged');
      expect(service).not.toHaveProperty('container_name');
    }
  }
});

test('what serves comes back after a reboot; what checks does not', () => {
  expect(parse(coloursFile('shop', both)).services.page.restart).toBe('unless-stopped');
  expect(parse(checkFile('shop', both)).services.page).not.toHaveProperty('restart');
});

test('a check has neither network nor data, and only services with one are there', () => {
  const { services: made } = parse(checkFile('shop', both));
  expect(Object.keys(made)).toEqual(['page']);
  expect(made.page).toMatchObject({ network_mode: 'none', command: ['page', '-t'] });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
  expect(made.page.volumes).toEqual(['/etc/berth/shop/page/${PAGE_RELEASE}:/etc/page:ro']);
});

test('a log folder is one of the release', () => {
  const { services: made } = parse(coloursFile('shop', both));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
  expect(made['the-api'].volumes).toEqual(['/var/log/berth/shop/api/${THE_API_RELEASE}:/logs']);
});

test('no engine refuses a service for its processors', () => {
  const { services: made } = parse(baseFile('shop', [definitionOf(container({ cpus: 2 }))]));
  expect(made.app).toMatchObject({ cpu_shares: 2048 });
  expect(made.app).not.toHaveProperty('cpus');
});

test('a service is asked to stop by the signal of its image, or its own', () => {
  const { services: made } = parse(
    baseFile('shop', [definitionOf(container()), definitionOf(container({ name: 'worker', stopSignal: 'SIGTERM' }))]),
  );
  expect(made.app).not.toHaveProperty('stop_signal');
  expect(made.worker).toMatchObject({ stop_signal: 'SIGTERM', stop_grace_period: '10s' });
});
