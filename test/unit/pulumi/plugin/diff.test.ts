import { expect, test } from 'vitest';
import { changes, topLevel } from '../../../../src/pulumi/plugin/diff.ts';
import { markSecret } from '../../../../src/pulumi/plugin/values.ts';

const diff = (olds: Record<string, unknown>, news: Record<string, unknown>, ignored?: string[]) =>
  Object.fromEntries(changes(olds, news, ignored));

test('what is the same has no change', () => {
  expect(diff({ a: [{ b: 1 }], s: markSecret('x') }, { s: markSecret('x'), a: [{ b: 1 }] })).toEqual({});
});

test('each change is named by its path', () => {
  const olds = { env: { FOO: '1', GONE: '2', 'dotted.key': '3' }, list: ['a', 'b'], plain: 1 };
  const news = { env: { FOO: '2', NEW: '2', 'dotted.key': '4' }, list: ['a', 'c', 'd'], plain: 1, added: true };
  expect(diff(olds, news)).toEqual({
    'env.FOO': 'update',
    'env.GONE': 'delete',
    'env.NEW': 'add',
    'env["dotted.key"]': 'update',
    'list[1]': 'update',
    'list[2]': 'add',
    added: 'add',
  });
});

test('a secret changes as a whole, and with its secretness alone', () => {
  expect(diff({ c: markSecret({ key: 'a' }) }, { c: markSecret({ key: 'b' }) })).toEqual({ c: 'update' });
  expect(diff({ c: 'text' }, { c: markSecret('text') })).toEqual({ c: 'update' });
});

test('internal and ignored properties never change', () => {
  expect(diff({ __defaults: [], a: 1, b: 1 }, { __defaults: ['x'], a: 2, b: 2 }, ['a'])).toEqual({ b: 'update' });
});

test.each([
  ['plain', 'plain'],
  ['env.FOO', 'env'],
  ['list[0].x', 'list'],
  ['["a.b"].c', 'a.b'],
])('the property of %s is %s', (path, expected) => {
  expect(topLevel(path)).toBe(expected);
});
