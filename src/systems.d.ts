declare module 'berth:systems' {
  import type { System } from './model/system.ts';

  /** Systems of the current project, by the names of their folders in `systems/` */
  export const systems: Readonly<Record<string, System<unknown>>>;
}
