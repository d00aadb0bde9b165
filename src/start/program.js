// Entry point for the engine, named in Pulumi.yaml
import { load } from './esbuild.js';

const { program } = await load('src/index.ts');

export default program;
