import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { berthHere, checkout, notReady } from '../cli/berth.ts';

test.each(['preprod', 'prod'])(
  "nothing is deployed by the project's own %s: each placeholder with its line",
  async (stack) => {
    const { code, stdout, stderr } = await berthHere(['deploy', stack]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const lines = readFileSync(join(checkout, `Pulumi.${stack}.yaml`), 'utf8').split('\n');
    const told = [...stderr.matchAll(/ \(line (\d+)\)$/gm)].map(([, line]) => Number(line));
    // Whatever its author says that it must be replaced; a version alone looks like any other
    const marked = lines.flatMap((text, index) => (/# replace(?!: a full commit)/.test(text) ? [index + 1] : []));
    expect([...new Set(told)].sort((a, b) => a - b)).toEqual(
      [...marked, ...lines.flatMap((text, index) => (text.endsWith(' replace-me') ? [index + 1] : []))].sort(
        (a, b) => a - b,
      ),
    );
    for (const value of ['198.51.100.0/24', 'ops@example.org', '0123456789abcdef0123456789abcdef'])
      expect(stderr).toContain(`\`${value}\` is a placeholder, which can't be deployed`);
  },
);

test.each(['matrix', 'render', 'diagram'])('berth %s goes on with them, and says so in one line', async (command) => {
  const { code, stdout, stderr } = await berthHere([command, 'preprod']);
  expect({ code, told: notReady('preprod').test(stderr), lines: stderr.trimEnd().split('\n').length }).toEqual({
    code: 0,
    told: true,
    lines: 1,
  });
  expect(stdout).not.toContain('to replace before');
});

test('on this computer the same values serve as well as any', async () => {
  expect(await berthHere(['matrix', 'local'])).toMatchObject({ code: 0, stderr: '' });
});
