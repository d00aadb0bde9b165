import { expect, test } from 'vitest';
import type { MachineInput } from '../../src/render/machine.ts';
import { releaseIn } from '../unit/render/fixtures.ts';
import { renderedMachines, stacks } from './rendered.ts';

const all = stacks.flatMap((stack) => renderedMachines(stack).map((rendered) => ({ stack, rendered, ...rendered })));
const withSecrets = all.filter(({ input }) => secretsOf(input).length > 0);

test('the systems that have secrets are among them', () => {
  const systems = new Set(withSecrets.map(({ input }) => input.blueprint.system));
  expect([...systems].sort()).toEqual(['basegun', 'catalogage', 'lostops', 'mad']);
});

test.each(withSecrets)(
  'no secret of $name of $stack is placed on the machine outside the release that root alone reads',
  ({ rendered }) => {
    const { entries } = rendered.bundle;
    const secrets = secretsOf(rendered.input);
    const list: readonly string[] = JSON.parse(entries['secrets.json'] ?? '');
    const texts: Readonly<Record<string, string>> = { ...entries, 'secrets.json': list.join('\n') };
    const holding = (secret: string) => Object.keys(texts).filter((path) => texts[path]?.includes(secret));
    for (const secret of secrets) {
      expect(holding(secret)).toContain('secrets.json');
      expect(holding(secret).filter((path) => !rootAlone.includes(path) && !closed(entries, path))).toEqual([]);
      expect(rendered.userData).not.toContain(secret);
    }
  },
);

test.each(all)("user data of $stack holds one secret: the machine's own host key", ({ rendered }) => {
  expect(rendered.userData.match(/PRIVATE KEY-----/g)).toHaveLength(2);
  expect(rendered.userData).not.toMatch(/secret-/);
});

/** What the release's folder holds stays in it */
const rootAlone = ['secrets.json', 'colours.yaml', 'base.yaml', 'jobs.yaml', 'check.yaml', 'routes.yaml'];

/** A file that is placed on the machine for its owner alone */
const closed = (entries: Readonly<Record<string, string>>, path: string): boolean =>
  releaseIn(entries).files.some((file) => `files${file.path}` === path && file.mode === '0600');

function secretsOf({ secretFacts, facts, secrets }: MachineInput): readonly string[] {
  return [...secretFacts.map((name) => facts[name] ?? ''), ...Object.values(secrets)];
}
