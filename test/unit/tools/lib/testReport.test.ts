import { expect, test } from 'vitest';
import { countTests } from '../../../../tools/lib/testReport.ts';

function report(counts: object, testResults: object[] = []): string {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  return JSON.stringify({ ...none, ...counts, testResults });
}

test('tests are counted, those to be written as skipped', () => {
  const text = report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 });
  expect(countTests(text, 1)).toEqual({ passed: 5, failed: 1, skipped: 3 });
});

test.each([
  ['a file that cannot be loaded', report({ numPassedTests: 5 }, [{ status: 'failed', assertionResults: [] }])],
  ['a run that failed outside of tests', report({ numPassedTests: 5 })],
])('%s is a failure', (_, text) => {
  expect(countTests(text, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test('a file that cannot be loaded counts beside failed tests', () => {
  const files = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
  ];
  expect(countTests(report({ numFailedTests: 1 }, files), 1).failed).toBe(2);
});

test('a run that wrote no report is a failure, unless there was nothing to run', () => {
  expect(countTests(undefined, 1).failed).toBe(1);
  expect(countTests(undefined, 0).failed).toBe(0);
});
