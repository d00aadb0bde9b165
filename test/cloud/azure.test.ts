import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { onAzure } from '../stack/azureProgram.ts';
import { inLab } from '../stack/labStacks.ts';
import { stackOf, withSecrets } from '../stack/samples.ts';
import { type Judge, openJudge } from './azure/judge.ts';
import { models } from './azure/models.ts';
import { runOn } from './run.ts';

// Every resource that a program declares for Azure, as the request that its provider sends, and the model of its API.

let judge: Judge;
beforeAll(async () => {
  judge = await openJudge();
}, 600_000);
afterAll(() => judge?.close());

const real = { answers: {}, functions: {} };

describe.each(['lostops', 'mad', 'catalogage'] as const)('%s on azure', (system) => {
  test.each(['preprod', 'prod'])(
    'in %s: every request is what its model and the documentation allow',
    async (environment) => {
      const declared = await runOn(real, withSecrets(stackOf(system, 'azure')), environment);
      expect(declared.length).toBeGreaterThan(5);
      expect(await judge.flaws(declared)).toEqual([]);
    },
  );
});

/** A system with everything that Azure has, and the hours of a lab's machine */
async function everything(): Promise<readonly DeclaredResource[]> {
  const { declared } = await onAzure({
    settings: { dnsZone: 'example.org', dnsZoneGroup: 'zones', encryptionAtHost: true },
  });
  return [...declared, ...(await runOn(real, inLab, 'prod')).filter(({ type }) => type.startsWith('azure-native:'))];
}

test('a system with everything that azure has, and a lab: every request is what its model allows', async () => {
  const declared = await everything();
  expect(await judge.flaws(declared)).toEqual([]);
  const types = new Set(declared.map(({ type }) => type.replace('azure-native:', '')));
  expect(Object.keys(models).filter((type) => !types.has(type))).toEqual([]);
});

test('models are of the versions of the APIs that the provider calls', () => {
  const others = [...judge.versions].filter(([, { provider, model }]) => provider !== model);
  // The preview adds what berth does not declare: traffic management, DNSSEC, and records of DS, NAPTR and TLSA
  expect(others).toEqual([['dns:RecordSet', { provider: '2023-07-01-preview', model: '2018-05-01' }]]);
  expect(judge.versions.size).toBe(Object.keys(models).length);
});
