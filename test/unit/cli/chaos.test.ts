import { expect, test } from 'vitest';
import { drillOf, refuseProduction, secondsOf } from '../../../src/cli/chaos/drill.ts';
import { isServed, type Seen, seenOf, seenText } from '../../../src/cli/chaos/seen.ts';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { clouds } from '../../../src/clouds/registry.ts';
import { blueprint, container, role } from '../render/fixtures.ts';
import { berthHere, outputsOf } from './berth.ts';

const outputs = outputsOf('https://basegun.localhost');
const blueprints = [
  blueprint({
    system: 'basegun',
    roles: {
      web: role({ services: [container({ name: 'front' })] }),
      api: role({ services: [container({ name: 'api' }), container({ name: 'worker' })] }),
    },
  }),
];

function drill(asked: object, cloud = 'local') {
  const { basegun } = outputs.systems;
  const systems = parsedSystems({ systems: { basegun: { ...basegun, cloud } } }, 'local');
  const { machines, ...rest } = drillOf({ system: 'basegun', ...asked }, systems, blueprints, clouds);
  return { ...rest, machines: machines.map(({ name }) => name) };
}

test('a service is stopped on the machine that has it, half a minute where no time is given', () => {
  const stop = { kind: 'stop', service: 'api', seconds: 30, machines: ['basegun-api-0'] };
  expect(drill({ service: 'api' })).toEqual(stop);
  expect(drill({ service: 'api', machine: 'api', for: '2m' })).toEqual({ ...stop, seconds: 120 });
  expect(drill({ machine: 'web' })).toEqual({ kind: 'restart', machines: ['basegun-web-0'] });
});

test.each(['sshd', 'ssh.service', 'docker', 'berth-firewall', 'traefik', 'filebeat', '', 'api; reboot'])(
  'what the system does not declare can not be stopped: %s',
  (service) => {
    expect(() => drill({ service })).toThrow(`basegun has no service "${service}": it has front, api, worker`);
  },
);

test.each([
  [{}, 'name what is stopped: --service front, api, worker; or --machine, which is restarted'],
  [{ service: 'api', machine: 'web' }, 'basegun-web-0 does not run api: it runs on basegun-api-0'],
  [{ service: 'api', machine: 'other' }, 'there is no machine "other": there are basegun-web-0, basegun-api-0'],
  [{ system: 'shop', service: 'api' }, 'system shop is not deployed; deployed are basegun'],
  [{ machine: 'web', for: '5s' }, '--for is the time that a service is stopped; a machine is restarted'],
  [{ service: 'api', for: '11m' }, '--for 11m: write a time from 1s to 10m, for example 30s'],
])('%j is refused in words', (asked, why) => {
  expect(() => drill(asked)).toThrow(why);
});

test('an adopted machine is not restarted, and its services can be stopped', () => {
  expect(() => drill({ machine: 'web' }, 'existing')).toThrow(
    "basegun-web-0 is adopted, and may run what is not berth's",
  );
  expect(drill({ service: 'front' }, 'existing')).toMatchObject({ kind: 'stop', machines: ['basegun-web-0'] });
});

test('a time is seconds or minutes, and is bounded', () => {
  expect(['1s', '45s', '10m'].map(secondsOf)).toEqual([1, 45, 600]);
  for (const text of ['0s', '601s', '5', '1h', '-5s', '5 s', ''])
    expect(() => secondsOf(text), text).toThrow('write a time');
});

test.each(['prod', 'production', 'prod-basegun', 'PROD'])('%s is production', (name) => {
  expect(() => refuseProduction(['team', name], false)).toThrow(`${name} is production`);
  refuseProduction([name], true);
});

test('a name that only contains the word is not production', () => {
  refuseProduction(['preprod', 'local', 'products', 'reproduction'], false);
});

test('production is refused before anything is read', async () => {
  const asked = ['chaos', 'acme/berth/prod', 'lostops', '--service', 'mysql'];
  expect(await berthHere(asked, '/')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'prod is production, and its users would notice: nothing was stopped. If that is meant, add --really\n',
  });
});

const seen = (hows: string): Seen[] =>
  [...hows].map((how, index) => ({
    at: index / 2,
    how: how === '.' ? 'status 200' : `status 50${how}`,
    failed: how !== '.',
  }));

test('what users saw is told by how many requests failed, for how long, and how', () => {
  expect(seenText('https://shop.test/', seen('..2242..'), 0.5)).toBe(
    '8 requests to https://shop.test/, one every 0.5 s: 4 failed, for 2.0 s from second 1.0\n' +
      '  3 × status 502\n  1 × status 504\n',
  );
  // Answers come in another order than the requests were sent in
  const mixed = seen('.3..3').reverse();
  expect(seenText('https://shop.test/', mixed, 0.5)).toContain(
    '2 failed, for 0.5 s from second 0.5, for 0.5 s from second 2.0\n  2 × status 503\n',
  );
  expect(seenText('https://shop.test/', seen('...'), 0.5)).toBe(
    '3 requests to https://shop.test/, one every 0.5 s: none failed\n',
  );
});

test('a request without an answer has failed, and one with a status of 400 and more; a redirect has not', () => {
  const answer = { kind: 'answer', body: '', address: '', milliseconds: 1 } as const;
  expect(seenOf(1, { kind: 'silence', reason: 'refused' })).toEqual({ at: 1, how: 'refused', failed: true });
  expect([200, 302, 404, 502].map((status) => seenOf(1, { ...answer, status }).failed)).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('users are served again once three requests in a row did not fail', () => {
  expect([isServed(seen('22...')), isServed(seen('...2..')), isServed(seen('..'))]).toEqual([true, false, false]);
});
