// What the engine runs, as Pulumi.yaml says
import { load } from './bundle.js';

const { program } = await load('src/index.ts');

export default program;
