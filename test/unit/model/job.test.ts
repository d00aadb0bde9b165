import { expect, test } from 'vitest';
import { asService } from '../../../src/model/job.ts';
import { container, supervised } from '../render/fixtures.ts';

const service = container({
  command: ['serve'],
  env: { KEY: { secret: 'key' } },
  calls: ['cache'],
  secretFiles: { '/etc/shop/ca.pem': { secret: 'ca' } },
  mounts: [{ kind: 'logs', name: 'app', path: '/logs', readOnly: false, perRelease: true, owner: '10001:0' }],
  port: 80,
  exposed: 8080,
  health: { command: ['true'], deadlineSeconds: 1 },
  check: ['check'],
});

test('a step as a service has its image, settings, files, user and calls, with a command of its own', () => {
  const step = asService(service, { command: ['migrate'], memoryMb: 50 });
  const { image, env, calls, secretFiles, user } = service;
  expect(step).toMatchObject({ image, env, calls, secretFiles, user, command: ['migrate'], memoryMb: 50 });
});

test('a step has nothing of what only a service has', () => {
  const step = asService(service, { command: ['migrate'] });
  for (const name of ['kind', 'name', 'port', 'exposed', 'rollout', 'health', 'check'])
    expect(step).not.toHaveProperty(name);
});

test("a step writes beside the folders of the service's releases, which stay the service's", () => {
  expect(asService(service, { command: ['migrate'] }).mounts).toEqual([
    { kind: 'logs', name: 'app', path: '/logs', readOnly: false, perRelease: false },
  ]);
});

test('a step as a process has its commit, folder, settings and files, and nothing of what only a service has', () => {
  const served = supervised({ settings: { LEVEL: 'debug' }, secretFiles: { APP_CA: { secret: 'ca' } } });
  const { source, folder, env, settings, secretFiles, memoryMb } = served;
  expect(asService(served, { command: ['migrate'] })).toEqual({
    ...{ source, folder, env, settings, secretFiles, memoryMb },
    command: ['migrate'],
  });
});
