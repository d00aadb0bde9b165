import * as pulumi from '@pulumi/pulumi';
import { expect, test, vi } from 'vitest';
import { runProgram } from './program.ts';
import { stackOf, withSecrets } from './samples.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const backend = 'ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0';

test('the outputs keep the digests of what is deployed, and images without one are told', async () => {
  const warn = vi.spyOn(pulumi.log, 'warn').mockResolvedValue(undefined);
  const { config } = withSecrets(stackOf('basegun', 'openstack', {}, { version: '3.3.0' }));
  const { systems } = await runProgram('prod', { ...config, 'berth:images': { [backend]: digest } });
  expect(systems.value).toMatchObject({ basegun: { images: { [backend]: digest } } });
  const told = warn.mock.calls.map(([line]) => line).filter((line) => line.includes('berth:images'));
  expect(told).toEqual([
    expect.stringMatching(/^basegun has 3 images without a digest in berth:images \(.*\): npx berth pin$/),
  ]);
  expect(told[0]).not.toContain(backend);
  warn.mockRestore();
});
