/** Value of an expression; GitHub returns null for a missing property */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** The contexts that expressions read, by name: `github`, `vars`, `steps`, … */
export type Contexts = Readonly<Record<string, Value>>;

/** Status that `success()`, `failure()` and `cancelled()` read */
export type Status = 'success' | 'failure';

/**
 * Evaluates an expression between `${{` and `}}`, as far as the project's workflows use them
 * @throws on an unknown function, context or operator
 */
export function evaluate(text: string, contexts: Contexts, status: Status = 'success'): Value {
  const tokens = tokensOf(text);
  let position = 0;

  const peek = (): string | undefined => tokens[position];
  const take = (token: string): boolean => {
    if (peek() !== token) return false;
    position += 1;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token)) throw new Error(`expression \`${text}\`: ${token} is expected before \`${peek() ?? 'its end'}\``);
  };

  function or(): Value {
    let left = and();
    while (take('||')) {
      const right = and();
      left = truthy(left) ? left : right;
    }
    return left;
  }
  function and(): Value {
    let left = equality();
    while (take('&&')) {
      const right = equality();
      left = truthy(left) ? right : left;
    }
    return left;
  }
  function equality(): Value {
    const left = unary();
    if (take('==')) return same(left, unary());
    if (take('!=')) return !same(left, unary());
    return left;
  }
  function unary(): Value {
    if (take('!')) return !truthy(unary());
    if (!take('(')) return primary();
    const inner = or();
    expect(')');
    return inner;
  }
  function primary(): Value {
    const token = peek();
    position += 1;
    if (token === undefined) throw new Error(`expression \`${text}\` ends too early`);
    const constant = literal(token);
    if (constant !== undefined) return constant;
    if (take('(')) return call(token);
    if (!(token in contexts)) throw new Error(`expression \`${text}\`: no context ${token} here`);
    let value = contexts[token] ?? null;
    while (take('.')) {
      value = property(value, peek() ?? '');
      position += 1;
    }
    return value;
  }
  function call(name: string): Value {
    const words: Value[] = [];
    while (!take(')')) {
      words.push(or());
      take(',');
    }
    switch (name) {
      case 'always':
        return true;
      case 'success':
      case 'failure':
        return status === name;
      case 'cancelled':
        return false;
      case 'contains':
        return Array.isArray(words[0]) && words[0].some((item: Value) => same(item, words[1] ?? null));
      case 'fromJSON':
        return JSON.parse(String(words[0])) as Value;
      case 'hashFiles':
        return 'hash';
      default:
        throw new Error(`expression \`${text}\`: no function ${name} here`);
    }
  }

  const value = or();
  if (peek() !== undefined) throw new Error(`expression \`${text}\`: \`${peek()}\` is not understood`);
  return value;
}

function literal(token: string): Value | undefined {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (/^\d/.test(token)) return Number(token);
  return { true: true, false: false, null: null }[token];
}

/** Evaluates the expressions of a text; a text that is one expression returns its value with its type */
export function filled(text: string, contexts: Contexts): Value {
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text);
  if (whole?.[1] !== undefined) return evaluate(whole[1], contexts);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => written(evaluate(inner, contexts)));
}

/**
 * Evaluates an `if:`, with or without braces; without a status function it also needs the success of all steps before
 */
export function holds(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const text = condition?.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1') ?? 'success()';
  const asks = /\b(always|success|failure|cancelled)\(\)/.test(text);
  return truthy(evaluate(asks ? text : `success() && (${text})`, contexts, status));
}

/** Formats a value as GitHub does in a text */
export const written = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

const truthy = (value: Value): boolean => !(value === null || value === false || value === 0 || value === '');

function same(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  return typeof left === typeof right && left !== null ? left === right : number(left) === number(right);
}

/** Compares values as GitHub does: different types as numbers, where NaN equals nothing */
const number = (value: Value): number => (typeof value === 'object' && value !== null ? Number.NaN : Number(value));

function property(value: Value, name: string): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return (value as Readonly<Record<string, Value>>)[name] ?? null;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const sign = /\s*('(?:[^']|'')*'|\|\||&&|==|!=|[!().,]|\d+(?:\.\d+)?|[A-Za-z_][\w-]*)/y;
  while (sign.lastIndex < text.trimEnd().length) {
    const from = sign.lastIndex;
    const token = sign.exec(text)?.[1];
    if (token === undefined)
      throw new Error(`expression \`${text}\`: \`${text.slice(from).trim()}\` is not understood`);
    tokens.push(token);
  }
  return tokens;
}
