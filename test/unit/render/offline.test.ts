import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import { machinesOf } from '../../../src/model/machines.ts';
import { ref, secret, text } from '../../../src/model/value.ts';
import { offlineMachines } from '../../../src/render/offline.ts';
import { blueprint, container, role } from './fixtures.ts';

const environment = {
  name: 'preprod',
  operators: { networks: ['198.51.100.0/24'], sshPublicKeys: ['ssh-ed25519 AAAA ops'] },
  systems: {},
  network: '10.64.0.0/20',
  authority: 'letsencrypt-staging' as const,
  clouds: {},
};

const env = {
  PASSWORD: secret('databasePassword'),
  TOKEN: ref('logStreams.app.token'),
  URL: text`${ref('logStreams.app.scheme')}://${ref('logStreams.app.host')}:${ref('logStreams.app.port')}`,
  BUCKET: ref('buckets.files.endpoint'),
};
const shop = blueprint({
  roles: { web: role({ count: 2, services: [container({ env })] }), api: role() },
  rules: [{ from: { role: 'api' }, to: 'web', port: 80, protocol: 'tcp', why: 'calls' }],
});

test('every machine of every role has a bundle, by its name', () => {
  expect(offlineMachines(shop, environment, clouds).map(({ name }) => name)).toEqual([
    'shop-web-0',
    'shop-web-1',
    'shop-api-0',
  ]);
  expect(machinesOf(shop)).toHaveLength(3);
});

test('what only the cloud knows is a documentation address or its name, a secret its name', () => {
  const [first] = offlineMachines(shop, environment, clouds);
  const compose = first?.bundle.entries['colours.yaml'] ?? '';
  expect(compose).toContain('PASSWORD: "<shop/databasePassword>"');
  expect(compose).toContain('TOKEN: "<logStreams.app.token>"');
  expect(compose).toMatch(/URL: "https:\/\/192\.0\.2\.\d+:9200"/);
  expect(compose).toMatch(/BUCKET: "https:\/\/192\.0\.2\.\d+"/);
  expect(first?.bundle.entries['files/etc/berth/firewall.nft.conf']).toMatch(
    /ip saddr \{ 192\.0\.2\.\d+ \} tcp dport 80/,
  );
});
