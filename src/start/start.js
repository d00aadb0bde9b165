// Starts a TypeScript module of this checkout: node start.js [--packages] <its path from the checkout> [its arguments…]
// One that exports `main` is a command, and gets the arguments. --packages, which npm's scripts say, installs the packages
// first where they are missing or others: then it works on a fresh clone too.
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
