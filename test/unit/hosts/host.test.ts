import { expect, test } from 'vitest';
import { pythonTests, runPytest } from '../../../tools/lib/checkPython.ts';

// The engine of a host is Python, and so are its tests: plans of every kind of machine, from every prefix of every plan.
// Some wait for deadlines, so all files run at the same time.
test.concurrent.each(pythonTests())('%s of the release engine', { timeout: 300_000 }, async (file) => {
  const lines: string[] = [];
  await runPytest(file, (line) => lines.push(line)).catch(() => expect.fail(lines.join('\n')));
});
