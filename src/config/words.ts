import type { z } from 'zod';
import { nearest } from './nearest.ts';
import type { Path } from './path.ts';
import { isEncrypted, isSecretPath, withoutSecrets } from './shown.ts';

export interface IssueWords {
  message: string;
  fix?: string;
}

/** Returns message and fix for an invalid value */
export function wordsFor(issue: z.core.$ZodIssue, value: unknown, path: Path): IssueWords {
  if (value === null || value === '') return { message: 'is empty', fix: 'give it a value' };
  if (isEncrypted(value) && path[0] !== 'berth:secrets') {
    return {
      message: 'is not allowed here: this key does not take a secret',
      fix: path.includes('env')
        ? 'set it in berth:secrets as <system>/<name>, and write { secret: <name> } here'
        : 'write the value in plain text; secret values belong in berth:secrets',
    };
  }
  switch (issue.code) {
    case 'invalid_type':
      return { message: `is not ${kinds[issue.expected] ?? issue.expected}`, ...typeFix(issue.expected, value, path) };
    case 'too_small':
      return { message: issue.origin === 'array' ? 'is empty' : `is less than ${issue.minimum}` };
    case 'too_big':
      return { message: `${issue.origin === 'array' ? 'has' : 'is'} more than ${issue.maximum}` };
    case 'invalid_value':
      return { message: 'is not known here', ...meant(nearest(String(value), issue.values.map(String))) };
    case 'custom':
      return customWords(issue, path);
    default:
      return { message: 'is not allowed here' };
  }
}

/** Suggests a similar name as the fix */
export const meant = (name: string | undefined): { fix?: string } =>
  name === undefined ? {} : { fix: `did you mean ${name}?` };

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a block of keys',
  record: 'a block of keys',
  array: 'a list',
};

/** A field's own message may quote the value, so it is not used for secrets */
function customWords(issue: z.core.$ZodIssueCustom, path: Path): IssueWords {
  if (isSecretPath(path)) return { message: 'is not allowed here' };
  const fix: unknown = issue.params?.fix;
  return { message: withoutSecrets(issue.message), ...(typeof fix === 'string' && { fix: withoutSecrets(fix) }) };
}

/** Suggests a fix for a value of another type than expected */
function typeFix(expected: string, value: unknown, path: Path): { fix?: string } {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { fix: isSecretPath(path) ? 'put it in quotes' : `put it in quotes: '${value}'` };
  }
  if (expected === 'array' && typeof value === 'string') return { fix: 'write it as a list: [ … ]' };
  const digits = (expected === 'int' || expected === 'number') && /^\d+$/.exec(String(value))?.[0];
  return digits ? { fix: `write it without quotes: ${digits}` } : {};
}
