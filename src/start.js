// Runs a TypeScript module of this checkout: node start.js <its path from the checkout> [its arguments…]
import { load } from './bundle.js';

const [main, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], main, ...args];
await load(main);
