import { hidden } from '../found.ts';
import type { Variables } from './groups.ts';

/** Most variables that lead to one another */
const deepest = 10;

/**
 * Returns a value with the variables that it names: `{{ workdir }}/venv`. A text that is nothing but the name of a
 * variable becomes its value
 * @returns undefined where it is more than names of variables: filters, conditions, look-ups
 */
export function filled(value: unknown, variables: Variables, depth = 0): unknown {
  if (typeof value !== 'string' || !/\{[{%]/.test(value)) return value;
  const named = (name: string): unknown => {
    const variable = variables[name];
    return variable && depth < deepest ? filled(variable.value, variables, depth + 1) : undefined;
  };
  const [, only] = /^\{\{\s*(\w+)\s*\}\}$/.exec(value) ?? [];
  if (only !== undefined) return named(only);
  const parts = [...value.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => named(name));
  if (parts.includes(hidden)) return hidden;
  if (parts.some((part) => part === undefined || typeof part === 'object')) return undefined;
  const text = value.replace(/\{\{\s*(\w+)\s*\}\}/g, () => String(parts.shift()));
  return /\{[{%]/.test(text) ? undefined : text;
}
