import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { berth } from '../../src/cli/main.ts';
import { clouds } from '../../src/clouds/registry.ts';
import { environmentSchema } from '../../src/config/schema.ts';
import { nodeAt } from '../../src/config/walk.ts';
import { checkout } from '../../src/paths.ts';
import { commandPages, exitCodesIn } from './commands.ts';
import { costPage } from './costs.ts';
import { environmentPages } from './environment.ts';
import type { Generated } from './reference.ts';

/** What the program itself says of its keys, commands and prices; made at every build, so that it can't be out of date */
export function generatedPages(): readonly Generated[] {
  const json = JSON.parse(readFileSync(join(checkout, 'environment.schema.json'), 'utf8'));
  const whole = environmentSchema(systems, clouds);
  const schemaAt = (path: readonly string[]) => {
    const schema = nodeAt(whole, undefined, path)?.schema;
    if (!schema) throw new Error(`environment.schema.json has ${path.join('.')}, and the program has not`);
    return schema;
  };
  return [
    ...environmentPages({ json, schemaAt }),
    ...commandPages(berth(), exitCodesIn(readFileSync(join(checkout, 'docs', 'commands.md'), 'utf8'))),
    costPage(Object.values(clouds).map(({ name, prices }) => [name, prices])),
  ];
}
