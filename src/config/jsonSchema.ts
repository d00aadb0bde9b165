import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import { descriptions } from './guide.ts';
import { environmentSchema, type Systems } from './schema.ts';

/**
 * Returns the JSON Schema of an environment file, for completion, hover and checks in editors (draft 7, which all of
 * them support)
 */
export function jsonSchema(systems: Systems, clouds: Clouds): Readonly<Record<string, unknown>> {
  const providers = Object.values(clouds).flatMap(({ words }) => words.providerSetting ?? []);
  const schema = z.toJSONSchema(environmentSchema(systems, clouds), {
    target: 'draft-7',
    io: 'input',
    // Each field once, and references to it
    reused: 'ref',
    override: ({ zodSchema, jsonSchema }) => {
      const description = descriptions.get(zodSchema)?.(clouds);
      if (description !== undefined) jsonSchema.description = description;
    },
  });
  const { $schema, additionalProperties, properties, definitions, ...own } = schema;
  return {
    $schema,
    title: 'An environment of berth',
    description: 'A Pulumi stack file: which systems run in this environment, on which cloud, at which version.',
    type: 'object',
    properties: {
      config: {
        ...own,
        description: `Berth's keys begin with berth:, providers' with their own names (${providers.join(', ')}).`,
        properties,
        // Keys in other namespaces belong to Pulumi's providers
        patternProperties: { [`^berth:(?!(?:${partNames(properties).join('|')})$)`]: false },
      },
    },
    required: ['config'],
    definitions,
  };
}

const partNames = (properties: object | undefined): readonly string[] =>
  Object.keys(properties ?? {}).map((key) => key.replace('berth:', ''));
