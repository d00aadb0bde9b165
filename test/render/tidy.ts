import { afterAll } from 'vitest';
import { removeFolders } from './docker.ts';

// Runs before each file of tests, which share all other modules
afterAll(removeFolders);
