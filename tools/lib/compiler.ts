import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';

/**
 * TypeScript's native compiler, a script for Node: it checks types in a third of the time. The package `typescript` has the
 * interface for programs, and is the newest that Pulumi takes.
 */
export const compiler = join(checkout, 'node_modules', 'typescript-native', 'lib', 'tsc.js');
