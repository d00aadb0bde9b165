declare module 'berth:systems' {
  import type { System } from './model/system.ts';

  /** The systems of the project that is worked on, by name: each a folder of its `systems/` */
  export const systems: Readonly<Record<string, System<unknown>>>;
}
