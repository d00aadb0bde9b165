import { expect, test } from 'vitest';
import { broughtBack, pinsOf, pinsText } from '../../../src/model/pins.ts';
import { read, stackOf, systemNames } from '../../stack/samples.ts';

test.each(systemNames)('the version of %s is among what is put back', (system) => {
  const [blueprint] = read(stackOf(system, 'local'), 'preprod').blueprints;
  expect(Object.values(blueprint?.pins ?? {})).toContain(blueprint?.version);
});

test('only what names code counts, and an empty block says nothing', () => {
  const options = {
    version: '1.0.0',
    versions: { api: '1.0.1' },
    images: {},
    domain: 'mad.example.org',
    env: { A: 'b' },
  };
  const names = ['version', 'versions', 'images'];
  expect(pinsOf(names, options)).toEqual({ version: '1.0.0', versions: { api: '1.0.1' } });
  expect([pinsOf(names, undefined), pinsOf(['ref'], { ref: undefined })]).toEqual([{}, {}]);
});

test('what was not set before is unset when they are brought back', () => {
  const back = broughtBack({ version: '1.0.0' }, { version: '1.0.1', images: { app: 'app:1' } });
  expect(back).toStrictEqual({ version: '1.0.0', images: undefined });
  expect(pinsText(back)).toBe('1.0.0');
});

test('they read as a person says them', () => {
  expect(pinsText({ version: '1.0.0', versions: { api: '1.0.1', web: '1.0.2' } })).toBe('1.0.0, api 1.0.1, web 1.0.2');
});
