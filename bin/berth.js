#!/usr/bin/env node
import { load } from '../src/bundle.js';

const { main } = await load('src/cli/main.ts');
await main(process.argv);
