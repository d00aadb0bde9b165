import type { System } from '../model/system.ts';
import { basegun } from './basegun.ts';

/** Every system that an environment file may name: a new one is one line here */
export const systems: Readonly<Record<string, System<unknown>>> = { basegun };
