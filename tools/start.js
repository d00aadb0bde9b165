// Runs one of the npm scripts, also on a fresh clone: node start.js <its path from the checkout> [its arguments…]
import { ensurePackages } from './lib/packages.js';

ensurePackages();
await import('../src/start.js');
