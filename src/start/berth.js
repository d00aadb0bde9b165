#!/usr/bin/env node
// The command `berth`, as package.json says
import { load } from './esbuild.js';

const { main } = await load('src/cli/main.ts');
await main(process.argv);
