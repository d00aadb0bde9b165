import { ensurePackages } from './lib/packages.js';

await ensurePackages();
await import('./engine.ts');
