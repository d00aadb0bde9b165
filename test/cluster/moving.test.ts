import { afterAll, beforeAll, expect, test } from 'vitest';
import { secrets as every } from '../../systems/lostops/test/e2e/secrets.ts';
import { berthOn } from '../e2e/berth.ts';
import { type Client, client, clientThatTrusts, eventually } from '../e2e/client.ts';
import { farOff } from '../e2e/farOff.ts';
import { networkOf } from '../e2e/reach.ts';
import { stdoutOf, systemStack, type TestStack } from '../e2e/stack.ts';
import { freePort } from '../freePort.ts';
import { roots, type TestCluster, testCluster } from './cluster.ts';
import { type ClusterStack, clusterStack } from './stack.ts';

// Lostops moves from machines into a cluster and back: its data by a repository of backups that both reach
const { appKey, databasePassword, databaseRootPassword, exporterPassword } = every;
const backupsPassword = 'the-backups-0123456789';
const secrets = { appKey, databasePassword, databaseRootPassword, exporterPassword };
let cluster: TestCluster;
let pods: ClusterStack;
let machines: TestStack;
let inCluster: Client;
let onMachines: Client;

beforeAll(async () => {
  cluster = await testCluster();
  const entry = { version: '1.0.0', domain: 'moving.berth.test', contact: 'ops@berth.test' };
  pods = await clusterStack(cluster, {
    name: 'lostops',
    entry: { ...entry, app: {}, database: { volumeGb: 10 }, backups: { calendar: farOff() } },
    secrets: { ...secrets, backupsPassword },
    ...{ buckets: ['backups'], serviceNumber: 10 },
  });
  const { endpoint = '', bucket = '' } = pods.given.buckets.backups ?? {};
  const server = new URL(endpoint);
  machines = await systemStack({
    name: 'lostops',
    entry: {
      ...{ ...entry, domain: 'lostops.localhost', cloud: 'local' },
      ...{ app: { size: 'small', publish: { 443: await freePort() } }, database: { size: 'medium' } },
      backups: {
        calendar: farOff(),
        repository: `s3:http://${nameOnMachines}:${server.port}/${bucket}`,
        env: {
          AWS_ACCESS_KEY_ID: pods.given.secrets['lostops/backupsAccessKey'] ?? '',
          AWS_SECRET_ACCESS_KEY: { secret: 'repositoryKey' },
        },
      },
    },
    secrets: { ...secrets, backupsPassword, repositoryKey: pods.given.secrets['lostops/backupsSecretKey'] ?? '' },
  });
  const [made, up] = await Promise.all([pods.up(), machines.up()]);
  expect(made.code, made.output).toBe(0);
  expect(up.code, up.output).toBe(0);
  // The same server is on both networks, as one on the internet would be
  const store = `${cluster.network}-bucket-backups`;
  await stdoutOf('docker', ['network', 'connect', '--alias', nameOnMachines, (await networkOf(machines)).name, store]);
  inCluster = clientThatTrusts(await roots(cluster), cluster.address, `app.${entry.domain}`);
  const { machines: all } = await machines.outputs();
  onMachines = await client(machines, all['lostops-app-0']?.publicAddress ?? '', 'app.lostops.localhost');
});
afterAll(async () => {
  inCluster?.close();
  onMachines?.close();
  await pods?.remove();
  if (!machines) return;
  const { name } = await networkOf(machines);
  const store = `${cluster.network}-bucket-backups`;
  await stdoutOf('docker', ['network', 'disconnect', '--force', name, store]).catch(() => undefined);
  await machines.remove();
});

const nameOnMachines = 'backups.berth.test';
const more = (site: Client) => site.post('/counter', { name: 'one', data: Buffer.from('more') });
const counts = async (site: Client, value: number) => {
  const count = async () => Number((await site.getAnew('/counter')).body);
  expect(await eventually(60, count, (found) => found === value)).toBe(value);
};
const succeeds = async (stack: TestStack | ClusterStack, command: string, ...words: string[]) => {
  const { code, stdout, stderr } = await berthOn(stack, [command, stack.place.stack, 'lostops', ...words]);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
};

/** Takes what one has into the other, in place of what is there */
async function moved(from: TestStack | ClusterStack, to: TestStack | ClusterStack): Promise<void> {
  await succeeds(from, 'backup');
  expect(await succeeds(to, 'restore', '--over', '--really', 'lostops')).toContain('restoring the backup of');
}

test('what was written on machines is in the cluster', async () => {
  await counts(onMachines, 0);
  for (let number = 0; number < 3; number += 1) await more(onMachines);
  await moved(machines, pods);
  await counts(inCluster, 3);
});

test('and what was written in the cluster is on the machines again', async () => {
  await more(inCluster);
  await moved(pods, machines);
  await counts(onMachines, 4);
});
