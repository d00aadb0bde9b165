import { describe } from 'vitest';
import { killedReleases } from './faults/killed.ts';
import { sceneOfFile } from './faults/scene.ts';

const scene = sceneOfFile();

describe('a release that is stopped', () => killedReleases(scene));
