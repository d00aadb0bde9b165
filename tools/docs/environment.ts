import type { z } from 'zod';
import type { Problem } from '../../src/model/problem.ts';
import { type Key, keysIn } from './keys.ts';
import { code, prose, sentence } from './markdown.ts';
import { type Definitions, type Generated, type Resolved, resolved, type Schema } from './reference.ts';
import { problemAt } from './wrong.ts';

/** What the pages are made of: environment.schema.json, and the program's own schema, which gives the errors */
export interface Known {
  json: { properties: { config: Schema }; definitions: Definitions };
  /** The program's schema at a path of the file */
  schemaAt(path: readonly string[]): z.core.$ZodType;
}

/** A page for the keys of an environment, one for each cloud with settings, and one for each system */
export function environmentPages({ json, schemaAt }: Known): readonly Generated[] {
  const { definitions } = json;
  const config = json.properties.config;
  const keyed = ['berth:clouds', 'berth:systems'];
  const blocks = keyed.flatMap((part) => {
    const { properties = {} } = resolved(config.properties?.[part] ?? {}, definitions);
    return Object.entries(properties).map(([name, schema]) => ({ part, name, schema }));
  });
  const own = Object.entries(config.properties ?? {}).filter(([key]) => !keyed.includes(key) && key !== 'berth:local');
  const link = (part: string) =>
    blocks
      .filter((block) => block.part === part)
      .map(({ name }) => `[${name}](/${pathOf(part, name)}.md)`)
      .join(', ');
  const general = [
    '# The environment file',
    'A stack is a file, `Pulumi.<stack>.yaml`. These are its keys under `config:`, as `environment.schema.json` has them, each ' +
      'with the error that a wrong value gives. Every mistake in a file is reported at once, before anything is changed.',
    `Settings of clouds (\`berth:clouds\`): ${link('berth:clouds')}. Systems (\`berth:systems\`): ${link('berth:systems')}.`,
    ...own.flatMap(([key, schema]) => {
      const part = resolved(schema, definitions);
      return [
        `## \`${key}\` %{#${idOf(key)}}%`,
        ...aboutText(part.description),
        facts(
          { variants: [part], required: config.required?.includes(key) ?? false },
          problemAt(schemaAt([]), [], { ...keyOf(part), path: [key], name: key }),
        ),
        ...keysText(schema, definitions, schemaAt([key]), [key]),
      ];
    }),
  ];
  return [
    { path: 'reference/environment', label: 'The environment file', text: `${general.join('\n\n')}\n` },
    ...blocks.map(({ part, name, schema }) => {
      const body = [
        `# ${name}: keys`,
        ...aboutText(resolved(schema, definitions).description),
        `These keys stand under \`${part}.${name}\` of [the environment file](/reference/environment.md).`,
        ...keysText(schema, definitions, schemaAt([part, name]), [part, name]),
      ];
      return { path: pathOf(part, name), label: name, text: `${body.join('\n\n')}\n` };
    }),
  ];
}

const pathOf = (part: string, name: string): string => `reference/${part.replace('berth:', '')}/${name}`;

const keyOf = (part: Resolved): Key => ({
  ...{ path: [], name: '', required: false, beside: {}, description: part.description ?? '', variants: [part] },
});

function keysText(schema: Schema, definitions: Definitions, program: z.core.$ZodType, base: readonly string[]) {
  return keysIn(schema, definitions).flatMap((key) => {
    const name = base.length === 1 ? `${base[0]}${key.name.startsWith('[') ? '' : '.'}${key.name}` : key.name;
    const same = key.sameAs === undefined ? undefined : base.length === 1 ? `${base[0]}.${key.sameAs}` : key.sameAs;
    return [
      `${/[.[]/.test(key.name) || base.length === 1 ? '###' : '##'} \`${name}\` %{#${idOf(name)}}%`,
      ...aboutText(key.description),
      ...(same === undefined ? [] : [`Its keys are those of [\`${same}\`](#${idOf(same)}).`]),
      facts(key, problemAt(program, base, key)),
    ];
  });
}

const idOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');

/** What a key is for; its default is told with its type */
const aboutText = (description = ''): readonly string[] => {
  const [about = ''] = description.split(/\s*@default\s/);
  return about === '' ? [] : [prose(sentence(about))];
};

/** Type, default, example and error in one line each */
function facts(
  { variants, required, only, description }: Pick<Key, 'variants' | 'required'> & Partial<Key>,
  problem: Problem | undefined,
): string {
  const described = description ?? variants[0]?.description;
  const said = described?.split(/@default\s/)[1]?.trim();
  const set = variants.find((variant) => variant.default !== undefined)?.default;
  const fallback = said === undefined ? set !== undefined && code(shown(set)) : prose(said);
  const example = variants.flatMap(({ examples, items }) => examples ?? (items && [])).find((one) => one !== undefined);
  const need = required ? `required${only === undefined ? '' : ` with ${code(only)}`}` : fallback || 'none';
  const alone = only === undefined || required ? [] : [`- **Only with**: ${code(only)}`];
  return [
    `- **Type**: ${[...new Set(variants.map(typeText))].join(', or ')}`,
    required ? `- **Default**: none, it is ${need}` : `- **Default**: ${need}`,
    ...alone,
    ...(example === undefined ? [] : [`- **Example**: ${code(shown(example))}`]),
    ...wrongText(problem),
  ].join('\n');
}

function typeText(variant: Resolved): string {
  if (variant.const !== undefined) {
    const about = variant.description === undefined ? '' : ` (${prose(variant.description.replace(/\.$/, ''))})`;
    return `${code(String(variant.const))}${about}`;
  }
  if (variant.enum) return variant.enum.map((value) => code(String(value))).join(', ');
  const { minimum, maximum } = variant;
  if (variant.type === 'integer' || variant.type === 'number') {
    const below = maximum === undefined || maximum > 1e9 ? ' or more' : ` to ${maximum}`;
    return minimum === undefined || minimum < -1e9 ? 'a whole number' : `a whole number, ${minimum}${below}`;
  }
  const names: Record<string, string> = {
    string: 'text',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block',
  };
  return names[variant.type ?? ''] ?? 'any value';
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function wrongText(problem: Problem | undefined): readonly string[] {
  if (problem === undefined) return [];
  const { value, message, allowed, fix } = problem;
  const parts = [
    prose(value === undefined ? message : `${value} ${message}`),
    ...(allowed === undefined ? [] : [`allowed: ${prose(allowed)}`]),
    ...(fix === undefined ? [] : [`fix: ${prose(fix)}`]),
  ];
  return [`- **A wrong value**: ${parts.join('; ')}`];
}
