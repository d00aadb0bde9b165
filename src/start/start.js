// Starts a TypeScript module of this checkout: node start.js [--packages] <path from the checkout> [arguments…]. If the
// module exports `main`, it is called with the arguments. With --packages, which npm's scripts use, missing or outdated
// packages are installed first, so that it also works in a fresh clone.
import './node.js';
import { load } from './esbuild.js';
import { ensurePackages } from './packages.js';

const words = process.argv.slice(2);
if (words[0] === '--packages') {
  ensurePackages();
  words.shift();
}
const [module, ...args] = words;
process.argv = [process.argv[0], module, ...args];
const { main } = await load(module);
await main?.(process.argv);
