import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { secretText } from '../../src/policy/madeUp.ts';
import { type DeclaredResource, deployKey, runProgram, sealed } from './program.ts';

// A system whose machines keep data, and of whose services one has no image on this computer.

const machine = { size: 'medium' };
const secrets = ['appKey', 'databasePassword', 'databaseRootPassword', 'exporterPassword', 'grafanaPassword'];
const config = {
  'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] },
  'berth:systems': {
    lostops: {
      ...{ cloud: 'local', version: '1.0.0', domain: 'lostops.localhost', contact: 'ops@example.org' },
      ...{ app: machine, database: machine, monitoring: machine },
    },
  },
  'berth:secrets': {
    deployKey,
    'lostops/monitoringUsers': secretText('lostops/monitoringUsers'),
    ...Object.fromEntries(secrets.map((name) => [`lostops/${name}`, `the-${name}`])),
  },
  'berth:local': {
    machineImage: 'berth/machine:1',
    receivers: { registry: 'berth/r:1', objectStore: 'berth/os:1', logReceiver: 'berth/lr:1', acme: 'berth/acme:1' },
    registryData: '/data',
    images: {},
    withoutStandIn: { 'docker.io/grafana/grafana': 'nobody has it' },
  },
};

let declared: DeclaredResource[];
const named = (name: string): DeclaredResource =>
  declared.find((resource) => resource.name === name) as DeclaredResource;

beforeAll(async () => {
  ({ declared } = await runProgram('local', config));
});

test('each machine that keeps data has a disk beside it, with a name and a life of its own', () => {
  const disks = declared.filter(({ type }) => type === 'berthlocal:index:Volume');
  expect(disks.map(({ name }) => name).sort()).toEqual(['lostops-database-0-data', 'lostops-monitoring-0-data']);
  for (const { name, inputs } of disks) {
    const machine = named(name.replace(/-data$/, ''));
    expect(machine.inputs.disks).toEqual([{ name: inputs.name, folder: '/var/lib/berth/lostops/data' }]);
  }
  expect(named('lostops-app-0').inputs).not.toHaveProperty('disks');
});

test('what has no image here is in no release, and the rest of its machine is', () => {
  const stdin = String(sealed(named('lostops-monitoring-0-release').inputs.stdin));
  const files = gunzipSync(Buffer.from(stdin.split('\n')[1] ?? '', 'base64')).toString();
  expect(files).not.toContain('grafana/grafana');
  expect(files).toContain('prom/prometheus');
});
