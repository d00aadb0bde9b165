import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { everyImage } from '../src/cli/local/wanted.ts';
import { obstacleVariable } from '../src/clouds/local/setUp/docker.ts';
import { prepareDocker, prepareEngine, prepareImages } from '../src/clouds/local/setUp/prepare.ts';
import { checkout, generated } from '../src/paths.ts';
import { runAttached } from '../src/process/attached.ts';
import { runMain } from '../src/process/command.ts';
import { requireProgram } from '../src/process/debian.ts';
import { interruptedByUser, together } from '../src/process/interrupt.ts';
import { createProgress, type Progress } from '../src/process/progress.ts';
import { runLogged } from '../src/process/stage.ts';
import { kept as cluster } from '../test/cluster/kept.ts';
import { kept as openstack } from '../test/openstack/kept.ts';
import { type Kept, leftOutText, missing } from './lib/kept.ts';
import { localPlace } from './lib/localPlace.ts';
import { countTests, type TestCounts } from './lib/testReport.ts';

/** `images` are those of local machines */
type Need = 'engine' | 'docker' | 'docker where it can run' | 'images' | 'sshd';

/** The vitest projects in the order they run, with what must be set up for each. */
const projects: Readonly<Record<string, readonly Need[]>> = {
  unit: [],
  // Its checkers run in the machine's image; the golden files need nothing.
  render: ['docker where it can run', 'images'],
  stack: [],
  // Its tests install what stands for a cloud themselves, once
  cloud: [],
  // Those of its tests that need docker skip themselves.
  engine: ['engine', 'sshd', 'docker where it can run', 'images'],
  e2e: ['engine', 'docker', 'images', 'sshd'],
  nightly: ['engine', 'docker', 'images', 'sshd'],
  // OpenStack's own services
  openstack: ['engine', 'docker'],
  // A real Kubernetes on this computer
  cluster: ['docker', 'images'],
};

/** What else a project needs, and takes minutes to make: made where the project is named, else the project is left out */
const keptFor: Readonly<Record<string, readonly Kept[]>> = { openstack, cluster };

/** Takes long and seldom breaks: run where it is named, and each night by nightly.yml */
const atNight = 'nightly';

const vitest = join(checkout, 'node_modules', '.bin', 'vitest');
const report = join(generated, 'test-report.json');

void runMain(async () => {
  const { chosen, filters, ...selected } = selection(process.argv.slice(2));
  const progress = createProgress(join(generated, 'logs'));
  const wantsDocker = selected.names.some((name) => needs(name, 'docker') || needs(name, 'docker where it can run'));
  const obstacle = wantsDocker ? await obstacleToDocker(progress) : undefined;
  const lacking = await lackingOf(selected.names);
  const leftOut = chosen ? new Map<string, string>() : leftOutTexts(lacking);
  const names = selected.names.filter((name) => !leftOut.has(name));
  const skipped = names.filter((name) => obstacle !== undefined && needs(name, 'docker'));
  const run = names.filter((name) => !skipped.includes(name));

  const environment = await setUp({
    engine: run.some((name) => needs(name, 'engine')),
    sshd: run.some((name) => needs(name, 'sshd')),
    images: obstacle === undefined && run.some((name) => needs(name, 'images')),
    kept: run.flatMap((name) => lacking.get(name) ?? []),
    progress,
  });
  const counts = await runTests(run, filters, { ...environment, [obstacleVariable]: obstacle });
  for (const name of skipped) counts.skipped += await countListed(name, filters);
  if (interruptedByUser()) return 130;

  const mustNotSkip = obstacle !== undefined && process.env.CI === 'true';
  if (mustNotSkip) counts.failed += 1;
  if (obstacle !== undefined) {
    const outcome = mustNotSkip ? 'could not run, which CI=true makes a failure' : 'were skipped';
    console.log(`\nthe tests that need docker ${outcome}: ${obstacle}`);
  }
  for (const text of leftOut.values()) console.log(`\n${text}`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
});

/** `npm test -- [project…] [file filter…]`: a project's name selects it, any other word goes to vitest. */
function selection(words: readonly string[]): { names: string[]; filters: string[]; chosen: boolean } {
  const existing = Object.keys(projects).filter((name) => existsSync(join(checkout, 'test', name)));
  const chosen = words.filter((word) => word in projects);
  return {
    names: existing.filter((name) => chosen.length === 0 || chosen.includes(name)),
    filters: words.filter((word) => !(word in projects)),
    chosen: chosen.length > 0,
  };
}

function needs(project: string, need: Need): boolean {
  return projects[project]?.includes(need) ?? false;
}

/** What projects need and is not there yet, of those that lack something. Without docker, nothing of docker's is there. */
async function lackingOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly Kept[]>> {
  const found = await Promise.all(names.map(async (name) => [name, await missing(keptFor[name] ?? [])] as const));
  return new Map(found.filter(([, things]) => things.length > 0));
}

/** Returns the projects that a run without a project's name leaves out, each with why and how it is run */
const leftOutTexts = (lacking: ReadonlyMap<string, readonly Kept[]>): ReadonlyMap<string, string> =>
  new Map([
    ...[...lacking].map(([name, things]) => [name, leftOutText(name, things)] as const),
    [atNight, `left out: ${atNight}, which runs each night. \`npm test -- ${atNight}\` runs it now`],
  ]);

/** Tells why no docker engine can run here, or nothing once one answers. */
async function obstacleToDocker(progress: Progress): Promise<string | undefined> {
  try {
    await prepareDocker(progress);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Needed {
  engine: boolean;
  images: boolean;
  sshd: boolean;
  kept: readonly Kept[];
  progress: Progress;
}

/** A real SSH server's program: tests start their own; where it can't be installed they skip themselves and say so. */
async function ensureSshd(log: (line: string) => void): Promise<void> {
  const why = 'the command plugin is tested against a real SSH server';
  const sshd = { program: 'sshd', packages: ['openssh-server'], why, startServices: false };
  await requireProgram(sshd, log).catch((error: Error) => log(error.message));
}

/** Sets up what the projects need. Gives the environment to run them in: the engine is on its PATH. */
async function setUp(needed: Needed): Promise<NodeJS.ProcessEnv> {
  const { progress } = needed;
  const [engine] = await together([
    needed.engine ? prepareEngine(localPlace, progress) : Promise.resolve(undefined),
    needed.images ? prepareImages(progress, everyImage) : Promise.resolve(undefined),
    needed.sshd ? progress.run({ name: 'sshd', run: ensureSshd }) : Promise.resolve(undefined),
    together(needed.kept.map(({ name, make }) => progress.run({ name, run: make }))),
  ] as const);
  progress.summary();
  return engine ? { ...process.env, PATH: engine.environment.PATH } : process.env;
}

async function runTests(
  names: readonly string[],
  filters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<TestCounts> {
  if (names.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  await rm(report, { force: true });
  // A folder may hold no test yet, but a filter that matches none is a slip.
  const noTests = filters.length === 0 ? ['--passWithNoTests'] : [];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runAttached(vitest, ['run', ...projectFlags(names), ...reporters, ...noTests, ...filters], {
    cwd: checkout,
    env,
  });
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
