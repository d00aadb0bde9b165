import { expect, test } from 'vitest';
import { isInstalled, obstacle } from '../../../src/start/packages.js';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};
const zod = { version: '4.6.7', integrity: 'sha512-a' };

test('packages are installed when npm recorded what the lock file asks for, other platforms aside', () => {
  expect(isInstalled(wanted, { packages: { 'node_modules/zod': zod } })).toBe(true);
});

test.each([
  ['nothing was installed', undefined],
  ['one is missing', { packages: {} }],
  ['one has another version', { packages: { 'node_modules/zod': { ...zod, version: '4.6.6' } } }],
  ['one has other content', { packages: { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } } }],
  ['one is no longer asked for', { packages: { 'node_modules/zod': zod, 'node_modules/old': { version: '1.0.0' } } }],
])('packages are installed again when %s', (_, installed) => {
  expect(isInstalled(wanted, installed)).toBe(false);
});

test.each([
  [
    'offline',
    'npm error code ECONNREFUSED\nnpm error FetchError: request to http://registry/zod failed, reason: connect ECONNREFUSED 192.0.2.1:443\n    at x',
    'the registry of packages does not answer (ECONNREFUSED 192.0.2.1:443)',
  ],
  [
    'behind a proxy with an authority of its own',
    'npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error self-signed certificate in certificate chain',
    'set NODE_EXTRA_CA_CERTS',
  ],
  ['a full disk', 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write', 'the disk is full (ENOSPC)'],
  ["another user's folder", 'npm error code EACCES\nnpm error syscall mkdir', 'this user may not write here (EACCES)'],
  ['no npm', 'Error: spawnSync npm ENOENT', 'npm was not found'],
])('why packages can not be installed is one message without a stack trace: %s', (_, complaint, expected) => {
  const message = obstacle(complaint);
  expect(message).toContain(expected);
  expect(message.split('\n')).toHaveLength(2);
});

test("what is not known of npm's complaint is shown as it is", () =>
  expect(obstacle('npm error code EUSAGE\nnpm error the lock file and package.json differ\n')).toBe(
    'the packages could not be installed:\nnpm error code EUSAGE\nnpm error the lock file and package.json differ',
  ));
