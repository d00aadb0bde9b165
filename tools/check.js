import { ensurePackages } from './lib/packages.js';

ensurePackages();
const { load } = await import('../src/bundle.js');
await load('tools/check.ts');
