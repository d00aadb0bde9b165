import { describe } from 'vitest';
import { machineFaults } from './faults/machine.ts';
import { refusedReleases } from './faults/refused.ts';
import { sceneOfFile } from './faults/scene.ts';

const scene = sceneOfFile();

describe('a faulty release', () => refusedReleases(scene));
describe('a machine', () => machineFaults(scene));
