import { expect, test } from 'vitest';
import { type Contexts, evaluate, filled, holds } from '../../e2e/workflows/expression.ts';

const contexts: Contexts = {
  github: { ref_type: 'tag', event: { number: 7 } },
  inputs: { stack: '' },
  vars: {},
  steps: { aws: { outputs: { 'access-key-id': 'AKIA' } } },
};

const braced = (text: string): string => `\${{ ${text} }}`;

test.each<[string, unknown]>([
  ["'it''s'", "it's"],
  ["github.ref_type == 'TAG'", true],
  ['github.event.number != 7', false],
  ['github.event.number', 7],
  ["vars.NONE == ''", true],
  ['vars.NONE', null],
  ["inputs.stack || (github.ref_type == 'tag' && 'prod' || 'preprod')", 'prod'],
  ["steps.aws.outputs.access-key-id || 'none'", 'AKIA'],
  ["steps.other.outputs.key || 'none'", 'none'],
  ["!vars.NONE && 'yes' || ''", 'yes'],
  ['fromJSON(\'["a", "b"]\')', ['a', 'b']],
  ['false == 0', true],
  ['contains(fromJSON(\'["a", "b"]\'), \'B\')', true],
  ["contains(fromJSON(vars.NONE || '[]'), 'b')", false],
])('%s', (text, value) => expect(evaluate(text, contexts)).toEqual(value));

test('a text is filled in, and one that is an expression as a whole keeps its kind', () => {
  expect(filled(`n${braced('github.event.number')}-${braced('vars.NONE')}`, contexts)).toBe('n7-');
  expect(filled(braced('github.event.number'), contexts)).toBe(7);
});

test('a condition asks for success unless it asks for a status itself', () => {
  expect(holds(undefined, contexts, 'failure')).toBe(false);
  expect(holds("github.ref_type == 'tag'", contexts, 'failure')).toBe(false);
  expect(holds("github.ref_type == 'tag'", contexts, 'success')).toBe(true);
  expect(holds('always()', contexts, 'failure')).toBe(true);
  expect(holds(braced('failure()'), contexts, 'failure')).toBe(true);
});

test.each([
  'secrets.A',
  'startsWith(github.ref_type, 1)',
  'github.ref_type + 1',
  "github.ref_type =='tag' vars",
  '(true',
])('%s is refused: what is not understood is not guessed', (text) =>
  expect(() => evaluate(text, contexts)).toThrow('expression'),
);
