import { systems } from 'berth:systems';
import { writeFileSync } from 'node:fs';
import { clouds } from '../src/clouds/registry.ts';
import { jsonSchema } from '../src/config/jsonSchema.ts';

// `npm run schema`: what editors know of the environment files, written anew after a change of an option
const file = new URL('../environment.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(jsonSchema(systems, clouds), null, 2)}\n`);
