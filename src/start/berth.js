#!/usr/bin/env node
// The `berth` command of package.json
import './node.js';
import { load } from './esbuild.js';

const { main } = await load('src/cli/main.ts');
await main(process.argv);
