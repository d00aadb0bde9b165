import { execFile as execFileOfNode } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { checkout } from '../../src/paths.ts';
import { inLab, outsideLab, withoutHours } from './labStacks.ts';
import { credentials, given, type Stack, stackOf, withSecrets } from './samples.ts';

const execFile = promisify(execFileOfNode);
const openstack = withSecrets(stackOf('basegun', 'openstack'));
const [azure, aws, existing] = (['azure', 'aws', 'existing'] as const).map((cloud) =>
  withSecrets(stackOf('lostops', cloud)),
) as [Stack, Stack, Stack];

const openstackSdks = ['@ovhcloud/pulumi-ovh', '@pulumi/openstack'];
const sdks = [...openstackSdks, '@pulumi/azure-native', '@pulumi/aws'];

// What one program has loaded the next one finds: of each two clouds, the one comes first here, the other below
test('a stack loads the SDKs of its own cloud and no other', async () => {
  const [first = [], ...rest] = await firstLoaded([existing, withoutHours, outsideLab, inLab, azure, openstack, aws]);
  expect(first).toContain('@pulumi/command');
  expect([first, ...rest].map(ofClouds)).toEqual([
    ...[[], [], []],
    // Machines that exist need one where they stand in a lab of that cloud and have hours
    ['@pulumi/azure-native'],
    [],
    openstackSdks,
    ['@pulumi/aws'],
  ]);
});

test('a cluster that exists needs no SDK of who would make one', async () => {
  const [there = [], made = []] = await firstLoaded([inCluster(), inCluster({ managed })]);
  expect(there).toContain('@pulumi/kubernetes');
  expect([there, made].map(ofClouds)).toEqual([[], ['@ovhcloud/pulumi-ovh']]);
});

test('nor one that another stack needs, whichever comes first', async () => {
  const loaded = await firstLoaded([aws, openstack, azure]);
  expect(loaded.map(ofClouds)).toEqual([['@pulumi/aws'], openstackSdks, ['@pulumi/azure-native']]);
});

const managed = {
  project: 'fedcba9876543210fedcba9876543210',
  region: 'GRA9',
  nodes: { flavor: 'b3-8', min: 1, max: 1 },
};
const inCluster = (more: object = {}): Stack =>
  withSecrets(
    stackOf('basegun', 'kubernetes', { 'berth:clouds': { kubernetes: { issuer: 'letsencrypt', ...given, ...more } } }),
  );

/** The packages that are loaded for each of several stacks, whose programs run one after the other, and weren't before */
async function firstLoaded(stacks: readonly Stack[]): Promise<readonly (readonly string[])[]> {
  const configs = JSON.stringify(stacks.map(({ config }) => config));
  const words = [join(checkout, 'src/start/start.js'), 'test/stack/loaded.ts', configs];
  const { stdout } = await execFile(process.execPath, words, { env: { ...process.env, ...credentials } });
  // What programs say of themselves comes before
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as string[][];
}

const ofClouds = (packages: readonly string[]): readonly string[] =>
  packages.filter((name) => sdks.includes(name)).sort();
