import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAttached } from './lib/attached.ts';
import { runCommand } from './lib/command.ts';
import { dockerObstacle } from './lib/docker.ts';
import { interruptedByUser, together } from './lib/interrupt.ts';
import { checkout, generated } from './lib/paths.ts';
import { localPlace } from './lib/place.ts';
import { prepareDockerAndImages, prepareEngine } from './lib/prepare.ts';
import { createProgress } from './lib/progress.ts';
import { runLogged } from './lib/stage.ts';
import { countTests, type TestCounts } from './lib/test-report.ts';

type Need = 'engine' | 'docker';

/** The vitest projects in the order they run, with what must be set up for each. */
const projects: Readonly<Record<string, readonly Need[]>> = {
  unit: [],
  render: [],
  stack: [],
  engine: ['engine'],
  e2e: ['engine', 'docker'],
};

const vitest = join(checkout, 'node_modules', '.bin', 'vitest');
const report = join(generated, 'test-report.json');

await runCommand(async () => {
  const { names, filters } = selection(process.argv.slice(2));
  const obstacle = names.some((name) => needs(name, 'docker')) ? await dockerObstacle() : undefined;
  const possible = names.filter((name) => !obstacle || !needs(name, 'docker'));
  const impossible = names.filter((name) => !possible.includes(name));

  const environment = await setUp(possible);
  const counts = await runTests(possible, filters, environment);
  for (const name of impossible) counts.skipped += await countListed(name, filters);

  const mustNotSkip = obstacle !== undefined && process.env.CI === 'true';
  if (obstacle) {
    console.log(
      `\nthe ${impossible.join(' and ')} tests were ${mustNotSkip ? 'not run, a failure under CI=true' : 'skipped'}: ${obstacle}`,
    );
  }
  if (mustNotSkip) counts.failed += 1;
  if (interruptedByUser()) return 130;
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
});

/** `npm test -- [project…] [file filter…]`: a project's name selects it, any other word goes to vitest. */
function selection(words: readonly string[]): { names: string[]; filters: string[] } {
  const existing = Object.keys(projects).filter((name) => existsSync(join(checkout, 'test', name)));
  const chosen = words.filter((word) => word in projects);
  return {
    names: existing.filter((name) => chosen.length === 0 || chosen.includes(name)),
    filters: words.filter((word) => !(word in projects)),
  };
}

function needs(project: string, need: Need): boolean {
  return projects[project]?.includes(need) ?? false;
}

/** Sets up what the projects need. Gives the environment to run them in: the engine is on its PATH. */
async function setUp(names: readonly string[]): Promise<NodeJS.ProcessEnv> {
  const progress = createProgress(join(generated, 'logs'));
  const needed = (need: Need): boolean => names.some((name) => needs(name, need));
  const [prepared] = await together(
    [
      needed('engine') ? prepareEngine(localPlace, progress) : undefined,
      needed('docker') ? prepareDockerAndImages(progress) : undefined,
    ].map((task) => Promise.resolve(task)),
  );
  progress.summary();
  return prepared && 'environment' in prepared ? { ...process.env, PATH: prepared.environment.PATH } : process.env;
}

async function runTests(
  names: readonly string[],
  filters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<TestCounts> {
  if (names.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  await rm(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runAttached(
    vitest,
    ['run', '--passWithNoTests', ...projectFlags(names), ...reporters, ...filters],
    {
      cwd: checkout,
      env,
    },
  );
  return countTests(await readFile(report, 'utf8').catch(() => undefined), code);
}

async function countListed(name: string, filters: readonly string[]): Promise<number> {
  const list = await runLogged(vitest, ['list', ...projectFlags([name]), ...filters], {
    cwd: checkout,
    log: () => undefined,
  });
  return list.split('\n').filter((line) => line.trim() !== '').length;
}

function projectFlags(names: readonly string[]): string[] {
  return names.flatMap((name) => ['--project', name]);
}
