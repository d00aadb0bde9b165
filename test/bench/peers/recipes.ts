import { fileURLToPath } from 'node:url';
import { machineRecipe, type Recipe } from '../../../src/clouds/local/images/recipes.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Machine that every tool deploys to: `rsync` needs its other end there */
export const peerMachine: Recipe = { name: 'peer-machine', context: here('machine'), parent: machineRecipe };

export const kamalProxy: Recipe = {
  name: 'kamal-proxy',
  context: here('kamal-proxy'),
  program: { name: 'kamal-proxy', package: 'github.com/basecamp/kamal-proxy/cmd/kamal-proxy' },
};
