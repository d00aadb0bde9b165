import { afterAll, beforeAll, describe } from 'vitest';
import { machineFaults } from './faults/machine.ts';
import { refusedReleases } from './faults/refused.ts';
import { makeScene, type Scene } from './faults/scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  scene?.site.close();
  await scene?.stack.remove();
});

describe('a release that cannot be', () => refusedReleases(() => scene));
describe('a machine', () => machineFaults(() => scene));
