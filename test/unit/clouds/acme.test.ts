import { expect, test } from 'vitest';
import { acmeDirectory } from '../../../src/clouds/acme.ts';

test.each(['prod', 'production', 'prod-basegun', 'production-eu'])(
  '%s gets certificates that browsers trust',
  (name) => {
    expect(acmeDirectory(name)).toBe('https://acme-v02.api.letsencrypt.org/directory');
  },
);

test.each(['preprod', 'staging', 'prodigy', 'non-prod', 'test-prod'])('%s spends none of the weekly limit', (name) => {
  expect(acmeDirectory(name)).toBe('https://acme-staging-v02.api.letsencrypt.org/directory');
});
