import { expect, test } from 'vitest';
import { pinsOf, pinsText } from '../../../src/model/pins.ts';
import { read, stackOf, systemNames } from '../../stack/samples.ts';

test.each(systemNames)('the version of %s is among what is put back', (system) => {
  const { environment, blueprints } = read(stackOf(system, 'local'), 'preprod');
  expect(Object.values(pinsOf(environment.systems[system]?.options))).toContain(blueprints[0]?.version);
});

test('only what names code counts, and an empty block says nothing', () => {
  const options = {
    version: '1.0.0',
    versions: { api: '1.0.1' },
    images: {},
    domain: 'mad.example.org',
    env: { A: 'b' },
  };
  expect(pinsOf(options)).toEqual({ version: '1.0.0', versions: { api: '1.0.1' } });
  expect([pinsOf(undefined), pinsOf({ ref: undefined })]).toEqual([{}, {}]);
});

test('they read as a person says them', () => {
  expect(pinsText({ version: '1.0.0', versions: { api: '1.0.1', web: '1.0.2' } })).toBe('1.0.0, api 1.0.1, web 1.0.2');
});
