import { describe } from 'vitest';
import { killedReleases } from './faults/killed.ts';
import { sceneOfFile } from './faults/scene.ts';

const scene = sceneOfFile();

describe('an interrupted release', () => killedReleases(scene));
