import { defineConfig } from 'vitest/config';

// One folder below test/ is one project. `npm test` runs those that exist, in this order.
export default defineConfig({
  test: {
    projects: [
      project('unit', 1, { testTimeout: 10_000 }),
      project('render', 2, { testTimeout: 60_000 }),
      project('stack', 3, { testTimeout: 60_000 }),
      project('engine', 4, { testTimeout: 180_000, hookTimeout: 180_000 }),
      // Machines mostly wait, each file has a stack of its own, and three at a time still fit on two cores.
      project('e2e', 5, { testTimeout: 600_000, hookTimeout: 900_000, maxWorkers: 3 }),
    ],
  },
});

function project(
  name: string,
  groupOrder: number,
  settings: { testTimeout: number; hookTimeout?: number; maxWorkers?: number },
) {
  return { test: { name, include: [`test/${name}/**/*.test.ts`], sequence: { groupOrder }, ...settings } };
}
