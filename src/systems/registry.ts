import type { System } from '../model/system.ts';
import { basegun } from './basegun.ts';
import { catalogage } from './catalogage.ts';
import { lostops } from './lostops.ts';
import { mad } from './mad.ts';

/** Every system that an environment file may name: a new one is one line here */
export const systems: Readonly<Record<string, System<unknown>>> = { basegun, catalogage, lostops, mad };
