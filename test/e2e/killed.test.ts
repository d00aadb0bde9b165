import { afterAll, beforeAll, describe } from 'vitest';
import { killedReleases } from './faults/killed.ts';
import { makeScene, type Scene } from './faults/scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  scene?.site.close();
  await scene?.stack.remove();
});

describe('a release that is stopped', () => killedReleases(() => scene));
