import { z } from 'zod';
import type { Problem } from '../model/problem.ts';
import { nearest } from './nearest.ts';
import { type Path, pathText } from './path.ts';
import { isEncrypted, shown } from './shown.ts';
import { keysOf, literalsOf, nodeAt, valueAt, variantOf } from './walk.ts';
import { type IssueWords, meant, wordsFor } from './words.ts';

interface Checked {
  schema: z.core.$ZodType;
  /** Value that is checked */
  root: unknown;
  /** Path of that value in the file */
  base: Path;
}

/** Returns every problem that a schema finds in a value, in words for the author of the file */
export function problemsOf(schema: z.core.$ZodType, root: unknown, base: Path = []): readonly Problem[] {
  const result = z.safeParse(schema, root);
  return result.success ? [] : result.error.issues.flatMap((issue) => problemsOfIssue({ schema, root, base }, issue));
}

function problemsOfIssue(checked: Checked, issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(checked, issue.path, key));
  if (issue.code === 'invalid_key') return invalidEntry(checked, issue);
  if (issue.code === 'invalid_union' && issue.discriminator)
    return unclearVariant(checked, issue.path, issue.discriminator);
  if (issue.code === 'invalid_union' && [...checked.base, ...issue.path][0] !== 'berth:secrets') {
    const deeper = likelyVariant(issue, valueAt(checked.root, issue.path));
    return deeper.flatMap((inner) => problemsOfIssue(checked, { ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [invalidValue(checked, issue)];
}

/**
 * Returns the issues of the union's variant that the value was probably meant for: a block as a block, anything else as
 * text or a number
 */
function likelyVariant({ errors }: z.core.$ZodIssueInvalidUnion, value: unknown): readonly z.core.$ZodIssue[] {
  const isPlain = (issues: readonly z.core.$ZodIssue[]) =>
    issues.some(
      (issue) => issue.code === 'invalid_type' && plainTypes.includes(issue.expected) && issue.path.length === 0,
    );
  const block = typeof value === 'object' && value !== null && !isEncrypted(value);
  return errors.find((issues) => isPlain(issues) !== block) ?? errors[0] ?? [];
}

const plainTypes: readonly string[] = ['string', 'number', 'int'];

function invalidValue(checked: Checked, issue: z.core.$ZodIssue): Problem {
  const value = valueAt(checked.root, issue.path);
  const path = [...checked.base, ...issue.path];
  const allowed = allowedAt(checked, issue.path);
  return {
    path: pathText(path),
    ...(says(issue, value) && { value: shown(value, path) }),
    ...(value === undefined
      ? missing(checked, issue.path)
      : (unquoted(checked, issue, value) ?? wordsFor(issue, value, path))),
    ...(allowed && { allowed }),
  };
}

/** Returns whether to show the value next to its path; blocks and lists only if their type is the problem */
function says(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || (issue.code !== 'too_small' && issue.code !== 'custom');
}

/** Returns the flaw of a number in place of a text that would be wrong in quotes too, such as version 3.3 */
function unquoted(checked: Checked, issue: z.core.$ZodIssue, value: unknown): IssueWords | undefined {
  const schema = nodeAt(checked.schema, checked.root, issue.path)?.schema;
  if (issue.code !== 'invalid_type' || typeof value !== 'number' || !(schema instanceof z.ZodString)) return undefined;
  const [deeper] = z.safeParse(schema, String(value)).error?.issues ?? [];
  return deeper && wordsFor(deeper, String(value), [...checked.base, ...issue.path]);
}

function missing(checked: Checked, path: Path): { message: string; fix: string } {
  const schema = nodeAt(checked.schema, checked.root, path)?.schema;
  const example = schema && z.globalRegistry.get(schema)?.examples;
  const key = String(path.at(-1));
  return { message: 'is missing', fix: `add ${key}: ${Array.isArray(example) ? example[0] : '…'}` };
}

function unknownKey(checked: Checked, path: Path, key: string): Problem {
  const schema = nodeAt(checked.schema, checked.root, path)?.schema;
  const union = schema instanceof z.ZodDiscriminatedUnion ? schema : undefined;
  const holder = valueAt(checked.root, path);
  const known = keysOf(union ? variantOf(union, holder) : schema);
  const free = known.filter((candidate) => valueAt(holder, [candidate]) === undefined);
  const elsewhere = union?.options.find((option) => keysOf(option).includes(key));
  const found = pathText([...checked.base, ...path, key]);
  if (union && elsewhere) {
    const { discriminator } = union.def;
    const now = `${discriminator}: ${String(valueAt(holder, [discriminator]))}`;
    const then = `${discriminator}: ${literalsOf(elsewhere, discriminator).join(' or ')}`;
    return {
      path: found,
      message: `is not used with ${now}`,
      allowed: known.join(', '),
      fix: `remove it, or write ${then}`,
    };
  }
  return {
    path: found,
    message: 'is not a known key',
    allowed: known.join(', '),
    fix: 'use one of these, or remove it',
    ...meant(nearest(key, free)),
  };
}

/** Returns the problems of a record's malformed key and of its value */
function invalidEntry(checked: Checked, issue: z.core.$ZodIssueInvalidKey): readonly Problem[] {
  const record = nodeAt(checked.schema, checked.root, issue.path.slice(0, -1))?.schema;
  if (!(record instanceof z.ZodRecord)) return [];
  const full = [...checked.base, ...issue.path];
  const names = problemsOf(record.keyType, String(issue.path.at(-1))).map((problem) => ({
    ...problem,
    path: pathText(full),
  }));
  return [...names, ...problemsOf(record.valueType, valueAt(checked.root, issue.path), full)];
}

/** Returns the problem of a wrong discriminating key, and the problems that remain whichever variant was meant */
function unclearVariant(checked: Checked, path: Path, discriminator: string): readonly Problem[] {
  const holderPath = path.slice(0, -1);
  const union = nodeAt(checked.schema, checked.root, holderPath)?.schema;
  if (!(union instanceof z.ZodDiscriminatedUnion)) return [];
  const holder = valueAt(checked.root, holderPath);
  const value = valueAt(holder, [discriminator]);
  const full = [...checked.base, ...path];
  const names = union.options.flatMap((option) => literalsOf(option, discriminator)).map(String);
  const near = value === undefined ? undefined : nearest(String(value), names);
  const unclear: Problem = {
    path: pathText(full),
    ...(value === undefined
      ? { message: 'is missing', fix: `add ${discriminator}: ${names[0]}` }
      : { value: shown(value, full), message: 'is not known here', ...meant(near) }),
    allowed: names.join(', '),
  };
  const asVariant = (name: string) =>
    problemsOf(union, { ...Object(holder), [discriminator]: name }, [...checked.base, ...holderPath]);
  return [unclear, ...inAll(near === undefined ? names.map(asVariant) : [asVariant(near)])];
}

/** Returns the problems that all lists have in common */
function inAll([first = [], ...others]: readonly (readonly Problem[])[]): readonly Problem[] {
  const same = (a: Problem) => (b: Problem) => a.path === b.path && a.message === b.message;
  return first.filter((problem) => others.every((list) => list.some(same(problem))));
}

function allowedAt(checked: Checked, path: Path): string | undefined {
  const node = nodeAt(checked.schema, checked.root, path);
  return node && (node.guide?.allowed ?? allowedBy(node.schema));
}

/** Returns the allowed values of a schema without a guide */
function allowedBy(schema: z.core.$ZodType): string | undefined {
  if (schema instanceof z.ZodEnum) return schema.options.join(', ');
  if (schema instanceof z.ZodObject) return `a block with ${keysOf(schema).join(', ')}`;
  if (!(schema instanceof z.ZodArray)) return undefined;
  const each = nodeAt(schema, [], [0])?.guide?.allowed;
  return each === undefined ? 'a list' : `a list; each ${each}`;
}
