import { systems } from 'berth:systems';
import { expect, test } from 'vitest';
import { loginLines, loginsIn } from '../../../../src/cli/local/logins.ts';
import { madePassword } from '../../../../src/clouds/local/setUp/madeSecrets.ts';
import { clouds } from '../../../../src/clouds/registry.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';

const config = {
  'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] },
  'berth:systems': { lostops: { cloud: 'local', ...systems.lostops?.local } },
};
const { blueprints } = loadEnvironment({ config, source: 'Pulumi.local.yaml', stack: 'local' }, systems, clouds, {
  secrets: 'names',
});

const login = (page: string, user: string, secret: string) => ({
  ...{ system: 'lostops', url: `https://${page}.lostops.localhost:8445`, user },
  password: madePassword('phrase', `lostops/${secret}`),
});

test('every page with a login is listed with its user and password, and none without', () => {
  expect(loginsIn(blueprints, [], 'phrase')).toEqual([
    login('prometheus', 'operator', 'monitoringUsers'),
    login('alerts', 'operator', 'monitoringUsers'),
    login('grafana', 'admin', 'grafanaPassword'),
  ]);
});

test('a login that the environment file gives by itself is not listed with a made-up password', () => {
  const logins = loginsIn(blueprints, ['lostops/monitoringUsers'], 'phrase');
  expect(logins.map(({ user }) => user)).toEqual(['admin']);
});

test('logins are printed a line each, in columns', () => {
  const lines = loginLines([
    { system: 'shop', url: 'https://a', user: 'ada', password: 'one' },
    { system: 'shop', url: 'https://long', user: 'operator', password: 'two' },
  ]);
  expect(lines).toEqual(['  https://a      ada        one', '  https://long   operator   two']);
});
