import { z } from 'zod';
import { environmentSchema, type Systems } from './schema.ts';

/** The JSON Schema of a whole environment file, for completion, hover and checks in editors (draft 7, which they all know) */
export function jsonSchema(systems: Systems): Readonly<Record<string, unknown>> {
  const { $schema, additionalProperties, properties, ...own } = z.toJSONSchema(environmentSchema(systems), {
    target: 'draft-7',
    io: 'input',
  });
  return {
    $schema,
    title: 'An environment of berth',
    description: 'A Pulumi stack file: which systems run in this environment, on which cloud, at which version.',
    type: 'object',
    properties: {
      config: {
        ...own,
        description: "Berth's keys begin with berth:, providers' with their own names (openstack:region, aws:region).",
        properties,
        // Other namespaces belong to Pulumi's providers
        patternProperties: { [`^berth:(?!(?:${partNames(properties).join('|')})$)`]: false },
      },
    },
    required: ['config'],
  };
}

const partNames = (properties: object | undefined): readonly string[] =>
  Object.keys(properties ?? {}).map((key) => key.replace('berth:', ''));
