import { afterAll, beforeAll } from 'vitest';
import { second } from '../e2e/scene/migrations.ts';
import { runtimes } from '../e2e/scene/runtimes.ts';
import { makeScene, type Scene } from '../e2e/scene/scene.ts';

// Versions of Python and Node that the machine's Debian does not have

let scene: Scene;

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  scene?.site.close();
  await scene?.remove();
});

runtimes(() => scene, second);
