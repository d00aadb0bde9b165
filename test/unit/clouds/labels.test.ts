import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { labels } from '../../../src/clouds/labels.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

test('labels say whose a resource is, and who made it', () => {
  expect(labels('preprod', 'mad', 'api')).toEqual({
    system: 'mad',
    environment: 'preprod',
    role: 'api',
    'managed-by': 'berth',
    'berth-version': version,
  });
});

test('what belongs to no role names none', () => {
  expect(labels('preprod', 'mad')).not.toHaveProperty('role');
});

test('every cloud takes their keys and values', () => {
  // The narrowest of each: tag keys of AWS and Azure, values of openstack metadata
  for (const [key, value] of Object.entries(labels('preprod', 'mad', 'api'))) {
    expect(key).toMatch(/^(?!aws:|microsoft|azure|windows)[a-z][a-z0-9-]{0,126}$/);
    expect(value).toMatch(/^[A-Za-z0-9.+-]{1,255}$/);
  }
});
