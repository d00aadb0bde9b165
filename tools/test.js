import { ensurePackages } from './lib/packages.js';

await ensurePackages();
await import('./test.ts');
