import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// One folder below test/ is one project. `npm test` runs those that exist: first what has no engine, then what has one.
export default defineConfig({
  test: {
    projects: [
      // Pure functions, and programs on mocks that each test sets up anew: files share their modules, and load each once.
      project('unit', 1, { testTimeout: 10_000, isolate: false, maxWorkers: 2 }),
      project('stack', 1, { testTimeout: 60_000, isolate: false, maxWorkers: 2 }),
      project('render', 1, { testTimeout: 60_000, maxWorkers: 2 }),
      // Each file has a stack of its own. Engines and machines mostly wait: three files at a time fit on two cores.
      project('engine', 2, { testTimeout: 180_000, hookTimeout: 180_000, maxWorkers: 3 }),
      project('e2e', 2, { testTimeout: 600_000, hookTimeout: 900_000, maxWorkers: 3 }),
    ],
    sequence: { sequencer: longestFirst() },
  },
});

function project(
  name: string,
  groupOrder: number,
  settings: { testTimeout: number; hookTimeout?: number; isolate?: boolean; maxWorkers: number },
) {
  return {
    test: { name, include: [`test/${name}/**/*.test.ts`], sequence: { groupOrder }, unstubEnvs: true, ...settings },
  };
}

/** What takes minutes begins before what takes seconds, so that no worker is left with a long file at the end. */
function longestFirst() {
  const order = [
    ...['stack/matrix', 'stack/policiesCommand', 'stack/sdks', 'render/checkers'],
    ...['e2e/catalogage', 'e2e/mad', 'e2e/killed', 'engine/clouds', 'e2e/lostops', 'e2e/existing', 'e2e/faults'],
    ...['e2e/basegun', 'e2e/bare'],
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
