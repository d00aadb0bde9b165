import { expect, test } from 'vitest';
import { isInstalled } from '../../../src/start/packages.js';

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
