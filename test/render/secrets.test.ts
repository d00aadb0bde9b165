import { expect, test } from 'vitest';
import { renderedMachines, stacks } from './rendered.ts';

const all = stacks.flatMap((stack) => renderedMachines(stack).map((rendered) => ({ stack, rendered })));

test.each(all)(
  'no secret of $stack is placed on the machine outside the release that root alone reads',
  ({ rendered }) => {
    const { entries } = rendered.bundle;
    const secrets = rendered.input.secretFacts.map((name) => rendered.input.facts[name] ?? '');
    expect(secrets.length).toBeGreaterThan(0);
    const holding = (secret: string) => Object.keys(entries).filter((path) => entries[path]?.includes(secret));
    for (const secret of secrets) {
      expect(holding(secret)).toContain('secrets');
      expect(
        holding(secret).filter((path) => !['secrets', 'colours.yaml', 'base.yaml', 'check.yaml'].includes(path)),
      ).toEqual([]);
      expect(rendered.userData).not.toContain(secret);
    }
  },
);

test.each(all)("user data of $stack holds one secret: the machine's own host key", ({ rendered }) => {
  expect(rendered.userData.match(/PRIVATE KEY-----/g)).toHaveLength(2);
  expect(rendered.userData).not.toMatch(/secret-/);
});
