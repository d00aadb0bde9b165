import { dirname, join } from 'node:path';
import { isMap, isNode, LineCounter, Pair, parseDocument, Scalar, visit, YAMLMap } from 'yaml';
import { type Finding, type Place, RefusedError } from '../finding.ts';
import { marked, merged, override, recordOf, reset } from './merge.ts';
import { interpolated, type Variables } from './variables.ts';

/** A service as its file has it: variables have their values, and what it extends is in it */
export interface RawService {
  name: string;
  data: Readonly<Record<string, unknown>>;
  /** Place of a value below the service; of the nearest one above it where it has no line of its own */
  at(...path: readonly (string | number)[]): Place;
}

export interface RawFile {
  services: readonly RawService[];
  /** Secrets by name, as the file declares them for its services */
  secrets: readonly string[];
}

/** Returns the text of a file by its path from the Compose file's folder; undefined where there is none */
export type ReadFile = (path: string) => string | undefined;

export interface Context {
  read: ReadFile;
  variables: Variables;
  /** Folder of the file, from that of the first one */
  folder: string;
  /** Services that lead here by `extends` */
  above: readonly string[];
}

/** A file as it stands: its services still name what they extend, and it what it includes */
export interface ParsedFile extends RawFile {
  file: string;
  text: string;
  /** Entries of `include`, each with its place */
  includes: readonly { data: unknown; at: Place }[];
}

/** @throws RefusedError for a file that is no YAML */
export function parsed(text: string, file: string, variables: Variables): ParsedFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const placeOf = (offset: number): Place => ({ file, line: counter.linePos(offset).line });
  const [mistake] = document.errors;
  if (mistake) throw refused(placeOf(mistake.pos[0]), `is no YAML: ${mistake.message}`);
  visit(document, {
    Pair(_, pair) {
      const { value } = pair;
      if (!isNode(value)) return;
      if (value.tag === '!reset') pair.value = new Scalar(reset);
      if (value.tag === '!override') {
        delete value.tag;
        const wrapped = new YAMLMap();
        wrapped.add(new Pair(new Scalar(override), value));
        pair.value = wrapped;
      }
    },
  });
  const at = (path: readonly (string | number)[]): Place => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const found = startOf(document.contents, path.slice(0, depth));
      if (found !== undefined) return placeOf(found);
    }
    return { file, line: 1 };
  };
  const content = recordOf(withValues(document.toJS(), variables, at));
  const services = recordOf(content.services);
  return {
    ...{ file, text },
    includes: listed(content.include).map((data, index) => ({ data, at: at(['include', index]) })),
    services: Object.entries(services).map(([name, data]) => ({
      ...{ name, data: recordOf(data) },
      at: (...path) => at(['services', name, ...path]),
    })),
    secrets: Object.keys(recordOf(content.secrets)),
  };
}

/** Offset at which a value's key begins, or the value in a list */
export function startOf(root: unknown, path: readonly (string | number)[]): number | undefined {
  let node = root;
  let start: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isNode(key) && String(key.toJSON()) === String(step));
      if (!pair || !isNode(pair.key)) return undefined;
      start = pair.key.range?.[0];
      node = pair.value;
    } else {
      const item: unknown =
        isNode(node) && 'items' in node && Array.isArray(node.items) ? node.items[Number(step)] : undefined;
      if (!isNode(item)) return undefined;
      start = item.range?.[0];
      node = item;
    }
  }
  return start;
}

function withValues(
  data: unknown,
  variables: Variables,
  at: (path: readonly (string | number)[]) => Place,
  path: readonly (string | number)[] = [],
): unknown {
  if (Array.isArray(data)) return data.map((item, index) => withValues(item, variables, at, [...path, index]));
  if (typeof data === 'object' && data !== null)
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, withValues(value, variables, at, [...path, key])]),
    );
  if (typeof data !== 'string') return data;
  try {
    return interpolated(data, variables);
  } catch (error) {
    throw refused(at(path), error instanceof Error ? error.message : String(error));
  }
}

/** Returns a service with what it extends: of the same file, or of another one */
export function extended(own: RawService, here: ParsedFile, context: Context): RawService {
  const { extends: asked, ...data } = own.data;
  if (asked === undefined) return own;
  const { service = '', file } = typeof asked === 'string' ? { service: asked } : texts(asked);
  const path = file === undefined ? undefined : join(context.folder, file);
  const from = path ?? here.file;
  const above = [...context.above, `${here.file}#${own.name}`];
  if (above.includes(`${from}#${service}`)) throw refused(own.at('extends'), `${own.name} extends itself`);
  const text = path === undefined ? here.text : context.read(path);
  if (text === undefined) throw refused(own.at('extends'), `${own.name} extends a file that is not there: ${path}`);
  const there = path === undefined ? here : parsed(text, path, context.variables);
  const found = there.services.find((one) => one.name === service);
  if (!found) throw refused(own.at('extends'), `${own.name} extends a service that is not there: ${service}`);
  const base = extended(found, there, { ...context, ...(path !== undefined && { folder: dirname(path) }), above });
  const both = over(base, { ...own, data });
  // They count for what an earlier file says of the service, too
  return { ...both, data: { ...both.data, ...marked(data) } };
}

/** Returns a service with what comes over it: its own values have their own places */
export const over = (base: RawService, own: RawService): RawService => ({
  name: own.name,
  data: merged(merged({}, base.data), own.data),
  at: (...steps) => (steps.length > 0 && !(String(steps[0]) in own.data) ? base.at(...steps) : own.at(...steps)),
});

/** Returns a list, also of one value */
export const listed = (data: unknown): readonly unknown[] =>
  data === undefined || data === null ? [] : Array.isArray(data) ? data : [data];

const texts = (data: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(recordOf(data)).map(([key, value]) => [key, String(value)]));

export const refused = (at: Place, what: string, way?: string): RefusedError =>
  new RefusedError([{ kind: 'refused', at, what, ...(way !== undefined && { way }) } satisfies Finding]);
