import { execFile as execFileOfNode } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { credentials, stackOf, withSecrets } from './samples.ts';

const execFile = promisify(execFileOfNode);

test.each([
  ['openstack', ['@ovhcloud/pulumi-ovh', '@pulumi/openstack']],
  ['azure', ['@pulumi/azure-native']],
  ['aws', ['@pulumi/aws']],
  ['existing', []],
] as const)('a stack on %s loads the SDKs of its own cloud and no other', async (cloud, own) => {
  const { config } = withSecrets(stackOf(cloud === 'openstack' ? 'basegun' : 'lostops', cloud));
  const words = ['--import', 'tsx/esm', join(import.meta.dirname, 'loaded.ts'), 'prod', JSON.stringify(config)];
  const { stdout } = await execFile(process.execPath, words, { env: { ...process.env, ...credentials } });
  const { packages } = JSON.parse(stdout) as { packages: string[] };
  const sdks = ['@ovhcloud/pulumi-ovh', '@pulumi/openstack', '@pulumi/azure-native', '@pulumi/aws'];
  expect(packages.filter((name) => sdks.includes(name)).sort()).toEqual(own);
  expect(packages).toContain('@pulumi/command');
});
