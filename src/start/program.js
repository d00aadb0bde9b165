// What the engine runs, as Pulumi.yaml says
import { load } from './esbuild.js';

const { program } = await load('src/index.ts');

export default program;
