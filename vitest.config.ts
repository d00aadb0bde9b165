import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { systemsModule, systemsText } from './src/start/systems.js';

/** Four stacks of machines beside each other want more memory than a small computer has */
const stacksAtATime = totalmem() < 12e9 ? 3 : 4;
const onMachines = { testTimeout: 600_000, hookTimeout: 900_000, maxWorkers: stacksAtATime };

// One folder below test/ is one project. `npm test` runs those that exist: first what has no engine, then what has one.
export default defineConfig({
  test: {
    projects: [
      // Pure functions, programs on mocks that each test sets up anew, containers that each file removes: files share their
      // modules, and load each once.
      project('unit', 1, { testTimeout: 60_000, isolate: false, maxWorkers: 3 }),
      project('stack', 1, { testTimeout: 60_000, isolate: false, maxWorkers: 3 }),
      project('render', 1, { testTimeout: 180_000, isolate: false, maxWorkers: 3, setupFiles: 'test/render/tidy.ts' }),
      // Programs on mocks that answer as the clouds' own APIs do. Each file starts what it needs.
      project('cloud', 1, { testTimeout: 300_000, hookTimeout: 600_000, maxWorkers: 3 }),
      // Each file has a stack of its own. Engines and machines mostly wait, so there are more files at a time than cores.
      project('engine', 2, { testTimeout: 180_000, maxWorkers: stacksAtATime }),
      project('e2e', 2, onMachines),
      // Of these, what takes long and seldom breaks: left out of `npm test`, run each night
      project('nightly', 2, onMachines),
      // All files share one cloud, for which they mostly wait. They have no machines: all run at a time.
      project('openstack', 3, {
        ...{ testTimeout: 900_000, hookTimeout: 900_000, maxWorkers: 7 },
        globalSetup: 'test/openstack/shared.ts',
      }),
      // All files share one cluster, for which they mostly wait
      project('cluster', 4, {
        ...{ testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 2 },
        globalSetup: 'test/cluster/shared.ts',
      }),
    ],
    sequence: { sequencer: longestFirst() },
  },
});

/** What bundles of berth are given: its own interface, and the systems of this checkout */
function systems() {
  const checkout = new URL('.', import.meta.url).pathname;
  return {
    name: 'systems',
    enforce: 'pre' as const,
    resolveId: (id: string) => ({ berth: `${checkout}src/api.ts`, [systemsModule]: `\0${systemsModule}` })[id],
    load: (id: string) => (id === `\0${systemsModule}` ? systemsText(checkout) : undefined),
  };
}

function project(
  name: string,
  groupOrder: number,
  settings: {
    testTimeout: number;
    hookTimeout?: number;
    isolate?: boolean;
    maxWorkers: number;
    setupFiles?: string;
    globalSetup?: string;
  },
) {
  return {
    plugins: [systems()],
    test: {
      ...{
        name,
        include: [`test/${name}/**/*.test.ts`, `systems/*/test/${name}/**/*.test.ts`],
        sequence: { groupOrder },
        unstubEnvs: true,
      },
      // A hook may take what a test may: vitest gives it ten seconds, which a busy computer needs to start a container
      hookTimeout: settings.testTimeout,
      ...settings,
    },
  };
}

/** What takes minutes begins before what takes seconds, so that no worker is left with a long file at the end. */
function longestFirst() {
  const order = [
    ...['cluster/lostops', 'cluster/basegun', 'cluster/mad', 'cluster/moving'],
    ...['stack/matrix', 'stack/policiesCommand', 'stack/sdks', 'render/checkers'],
    ...[
      'e2e/killed',
      'e2e/lostops',
      'e2e/catalogage',
      'e2e/backups',
      'e2e/mad',
      'engine/clouds',
      'e2e/existing',
      'e2e/faults',
    ],
    ...[
      'e2e/engine',
      'e2e/workflows',
      'e2e/basegun',
      'e2e/bare',
      'e2e/registry',
      'e2e/former',
      'e2e/computer',
      'engine/oneSystem',
    ],
  ];
  const rank = ({ moduleId }: TestSpecification): number => {
    const place = order.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    return place === -1 ? order.length : place;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
    }
  };
}
