import { createRequire } from 'node:module';
import { program } from '../../src/index.ts';
import { answers, functions } from '../../src/policy/answers/all.ts';
import { configure, recorded } from '../../src/policy/recorded.ts';

// Runs the program of a stack on mocks in a process of its own, and prints which packages were loaded for it.
// Arguments: the stack's name, its configuration as JSON.
const [stack = '', config = '{}'] = process.argv.slice(2);
await recorded(stack, answers, functions);
configure(JSON.parse(config) as Record<string, unknown>);
await program();

// The SDKs are CommonJS, which Node keeps here by file
const files = Object.keys(createRequire(import.meta.url).cache);
const packages = files.flatMap((file) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? []);
console.log(JSON.stringify({ packages: [...new Set(packages)] }));
