import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { oneRole, oneSystem, wholeStack } from '../../../../src/cli/deploy/scope.ts';
import type { FormerSystem } from '../../../../src/cli/outputs.ts';
import { bySystem } from '../../../../src/model/inPlace.ts';
import { read, stackOf } from '../../../stack/samples.ts';

const site = stackOf('basegun', 'openstack', {}, { version: '3.3.1' });
const shop = stackOf('lostops', 'openstack', {}, { version: '1.0.1' });
const config = {
  ...site.config,
  'berth:clouds': shop.config['berth:clouds'],
  'berth:systems': { ...Object(site.config['berth:systems']), ...Object(shop.config['berth:systems']) },
  'berth:secrets': { 'lostops/appKey': { secure: 'v1:key' }, deployKey: { secure: 'v1:key' } },
};
const { environment, blueprints } = read({ ...site, config }, 'preprod');
const given = (former: Readonly<Record<string, FormerSystem>>) => ({
  ...{ text: stringify({ config }), environment, declared: bySystem(blueprints), former },
});
const formerly = (version: string, machines: readonly string[]): FormerSystem => ({
  ...{ cloud: 'openstack', pins: { version }, buckets: { uploads: {} }, logs: { app: {} } },
  machines: Object.fromEntries(machines.map((name) => [name, {}])),
});
const basegun = formerly('3.3.0', ['basegun-web-0']);
const lostops = formerly('1.0.0', ['lostops-app-0', 'lostops-database-0', 'lostops-monitoring-0']);
const systemsOf = (text: string) => parse(text).config['berth:systems'];

test('the whole stack is deployed as its file is, and one system that migrates keeps all from being put back', () => {
  const all = given({ basegun, lostops });
  expect(wholeStack(all).text).toBe(all.text);
  expect(wholeStack(all).plan).toMatchObject({ kind: 'migrated' });
});

test('one system alone is put back alone, whatever else has changed; the others are declared as they stand', () => {
  const { text, plan } = oneSystem('basegun', given({ basegun, lostops }));
  expect(plan).toEqual({ kind: 'restore', systems: { basegun: { version: '3.3.0' } } });
  expect(systemsOf(text)).toMatchObject({ basegun: { version: '3.3.1' }, lostops: { version: '1.0.0' } });
});

test('the others run their former images by the digests that they had, where the file has none for these', () => {
  const [own, others] = ['ghcr.io/owner/own:1.0.0', 'ghcr.io/owner/others:1.0.0'];
  const [here, there] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  const all = given({ basegun, lostops: { ...lostops, images: { [own]: there, [others]: there } } });
  const pinned = { ...config, 'berth:images': { [own]: here } };
  const { text } = oneSystem('basegun', {
    ...all,
    ...{ text: stringify({ config: pinned }), environment: { ...environment, images: { [own]: here } } },
  });
  expect(parse(text).config['berth:images']).toEqual({ [own]: here, [others]: there });
});

test('a system that was never deployed is not declared, nor are its secrets', () => {
  const { text, plan } = oneSystem('basegun', given({}));
  expect(plan).toEqual({ kind: 'first' });
  expect(Object.keys(systemsOf(text))).toEqual(['basegun']);
  expect(Object.keys(parse(text).config['berth:secrets'])).toEqual(['deployKey']);
});

test('what another system lacks is named before anything is changed', () => {
  const fewer = formerly('1.0.0', ['lostops-app-0', 'lostops-database-0']);
  expect(() => oneSystem('basegun', given({ basegun, lostops: fewer }))).toThrow(
    /^basegun can't be deployed alone .*\(lostops: machine lostops-monitoring-0\): deploy the whole stack, without --system$/,
  );
});

const fleet = stackOf('mad', 'openstack', {}, { version: '1.0.0', versions: { api: '1.1.0' } });
const mad = read(fleet, 'preprod');
const madMachines = ['api-0', 'api-1', 'balancer-0', 'web-0', 'web-1', 'client-0', 'client-1', 'front-0', 'redis-0'];
const formerMad = {
  ...formerly(
    '1.0.0',
    madMachines.map((name) => `mad-${name}`),
  ),
  ...{ buckets: {}, logs: {} },
};
const ofMad = (before: FormerSystem, stack = fleet) => ({
  ...{ text: stringify({ config: stack.config }), environment: mad.environment },
  ...{ declared: bySystem(read(stack, 'preprod').blueprints), former: { mad: before } },
});
const blueprintOf = (text: string) => read({ ...fleet, config: parse(text).config }, 'preprod').blueprints[0];

test('one role alone is deployed at its version, and put back with its system', () => {
  const { text, plan } = oneRole('mad', 'api', ofMad(formerMad), blueprintOf);
  expect(systemsOf(text)).toMatchObject({ mad: { versions: { api: '1.1.0' } } });
  expect(plan).toEqual({ kind: 'restore', systems: { mad: { version: '1.0.0', versions: undefined } } });
});

test('a role is not deployed alone where others would have another version than the outputs then tell', () => {
  const all = stackOf('mad', 'openstack', {}, { version: '1.1.0' });
  expect(() => oneRole('mad', 'api', ofMad(formerMad, all), blueprintOf)).toThrow(
    /^web, client of mad would stay at another version than the file declares/,
  );
});

test('a role is not deployed alone where its number changes, which its balancer has to know', () => {
  const more = stackOf('mad', 'openstack', {}, { api: { count: 3, size: 'b2-7' } });
  expect(() => oneRole('mad', 'api', ofMad(formerMad, more), blueprintOf)).toThrow('use berth scale');
  expect(() => oneRole('mad', 'api', { ...ofMad(formerMad), former: {} }, blueprintOf)).toThrow('was never deployed');
});
