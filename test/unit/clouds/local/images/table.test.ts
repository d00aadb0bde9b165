import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyImage } from '../../../../../src/cli/local/wanted.ts';
import { bareMachine, machineRecipe, type Recipe, receivers } from '../../../../../src/clouds/local/images/recipes.ts';
import { standInTable, withoutStandIn } from '../../../../../src/clouds/local/images/table.ts';

const standIns = standInTable(everyImage.standIns);
const recipes: Recipe[] = [
  bareMachine,
  machineRecipe,
  ...Object.values(receivers),
  ...standIns.map(({ recipe }) => recipe),
];

test('production images are named by registry and an exact version, each once', () => {
  const references = standIns.map(({ production }) => production);
  expect(new Set(references).size).toBe(references.length);
  // PostgreSQL's versions have two numbers
  for (const reference of references) {
    expect(reference).toMatch(
      /^[a-z0-9-]+(\.[a-z0-9-]+)+\/[a-z0-9/._-]+(:v?\d+\.\d+\.\d+(-alpine)?|\/postgres:\d+\.\d+)$/,
    );
  }
});

test('an image has a stand-in or the reason why it has none, never both', () => {
  const repositories = standIns.map(({ production }) => production.slice(0, production.lastIndexOf(':')));
  for (const [repository, reason] of Object.entries(withoutStandIn)) {
    expect(repositories).not.toContain(repository);
    expect(reason).not.toBe('');
  }
});

test.each(recipes.map((recipe) => [recipe.name, recipe] as const))('%s can be built', (_name, recipe) => {
  expect(recipe.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  const dockerfile = read(recipe, 'Dockerfile');
  expect(dockerfile).toMatch(/^ARG BASE\nFROM \$\{BASE\}/m);
  for (const name of Object.keys(recipe.buildArguments ?? {})) expect(dockerfile).toContain(`ARG ${name}\n`);
  if (recipe.program) {
    expect(dockerfile).toContain(`COPY ${recipe.program.name} `);
    expect(existsSync(join(recipe.context, 'go.sum'))).toBe(true);
  }
});

test('what stands in by compiling is compiled from the very version that production runs', () => {
  const compiled = standIns.filter(({ recipe }) => recipe.program);
  expect(compiled).not.toHaveLength(0);
  for (const { production, recipe } of compiled) {
    const module = recipe.program?.package.split('/').slice(0, 4).join('/');
    const version = production.slice(production.lastIndexOf(':') + 1).replace(/^v/, '');
    expect(read(recipe, 'go.mod')).toContain(`require ${module} v${version}\n`);
  }
});

test('versions of one application share every layer but the last', () => {
  const versions = standIns.filter(({ recipe }) => recipe.buildArguments?.VERSION);
  for (const { recipe } of versions) {
    const [shared = ''] = read(recipe, 'Dockerfile').split('ARG VERSION');
    expect(shared).toContain('apt-get install');
    expect(shared).not.toMatch(/\bVERSION\b/);
  }
});

function read(recipe: Recipe, file: string): string {
  return readFileSync(join(recipe.context, file), 'utf8');
}
