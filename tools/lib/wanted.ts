import { containersOf, type WantedContainer } from '../../src/clouds/local/wanted.ts';
import { blueprintsIn } from './blueprints.ts';
import { wantedImages } from './images/wanted.ts';

/** What the systems of an environment file need of this computer */
export interface Wanted {
  /** Service images, as production knows them */
  images: ReadonlySet<string>;
  /** Machines of the local cloud, and what stands beside them */
  containers: readonly WantedContainer[];
}

/** @throws ConfigError with everything that is wrong with the file */
export const wantedIn = (file: string, stack: string): Wanted => ({
  images: wantedImages(file, stack),
  containers: containersOf(blueprintsIn(file, stack, 'local')),
});
