import { sampledFaults } from '../e2e/faults/matrix/sampled.ts';
import { sceneOfFile } from '../e2e/faults/scene.ts';

sampledFaults(sceneOfFile());
