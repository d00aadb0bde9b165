import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { clouds } from '../../../src/clouds/registry.ts';
import { readEnvironmentFile } from '../../../src/config/file.ts';
import { jsonSchema } from '../../../src/config/jsonSchema.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { dereferenced } from '../../dereferenced.ts';

const root = new URL('../../../', import.meta.url).pathname;
const committed = () => JSON.parse(readFileSync(`${root}environment.schema.json`, 'utf8'));

test('environment.schema.json is what `npm run schema` writes', () => {
  expect(committed()).toEqual(JSON.parse(JSON.stringify(jsonSchema(systems, clouds))));
});

test.each(['local', 'preprod', 'prod'])(
  'Pulumi.%s.yaml is right but for its secrets, here and in an editor',
  (stack) => {
    const path = `${root}Pulumi.${stack}.yaml`;
    const input = readEnvironmentFile(path, stack);
    expect(loadEnvironment(input, systems, clouds, { secrets: 'names' }).environment.name).toBe(stack);
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./environment.schema.json');
    expect(editor().safeParse({ config: input.config }).error?.issues).toBeUndefined();
  },
);

test('an editor refuses what loading refuses: unknown keys, mutable tags, foreign keys of berth', () => {
  const { config } = readEnvironmentFile(`${root}Pulumi.preprod.yaml`, 'preprod');
  const basegun = z.looseObject({ basegun: z.looseObject({}) }).parse(config['berth:systems']).basegun;
  const asked = (changed: object) => editor().safeParse({ config: { ...config, ...changed } }).success;
  expect(asked({ 'aws:region': 'eu-west-3' })).toBe(true);
  expect(asked({ 'berth:systems': { basegun: { ...basegun, version: 'latest' } } })).toBe(false);
  expect(asked({ 'berth:systems': { basegun: { ...basegun, domian: 'x' } } })).toBe(false);
  expect(
    Object.keys(committed().properties.config.patternProperties).map((name) => new RegExp(name).test('berth:system')),
  ).toEqual([true]);
});

test('a field stands in it once: the page of options is read by people too', () => {
  expect(JSON.stringify(committed()).length).toBeLessThan(100_000);
});

/** Every option that a person writes has words for the hover */
test('every option says what it is', () => {
  const silent: string[] = [];
  const look = (schema: Record<string, unknown>, path: string): void => {
    for (const [name, child] of Object.entries(Object(schema.properties))) {
      if (!Object(child).description && !Object(child).oneOf) silent.push(`${path}.${name}`);
      look(Object(child), `${path}.${name}`);
    }
    for (const variant of Array.isArray(schema.oneOf) ? schema.oneOf : []) look(variant, path);
  };
  look(Object(dereferenced(committed())).properties.config, 'config');
  expect(silent.filter((path) => !path.includes('berth:local'))).toEqual([]);
});

/** The committed schema as a validator */
function editor() {
  const { $schema, definitions, properties } = committed();
  const { patternProperties: _, ...config } = properties.config;
  return z.looseObject({ config: z.fromJSONSchema({ $schema, ...config, definitions }) });
}
