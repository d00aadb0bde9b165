import { join } from 'node:path';

/** Stands for a value with the tag `!reset`, which takes away what is below it */
export const reset = '\u{e002}';
/** Key of a value with the tag `!override`, which takes the place of what is below it */
export const override = '\u{e003}';

/** Values that are taken whole, not joined */
const whole = ['command', 'entrypoint', 'healthcheck'];
/** Values that are blocks or lists of `NAME=value` */
const blocks = ['environment', 'labels'];

/** Lists are joined and blocks merged; what comes over it wins */
export function merged(
  base: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const former = base[key];
    if (value === reset) delete result[key];
    else if (isRecord(value) && override in value) result[key] = value[override];
    else if (whole.includes(key) || former === undefined) result[key] = value;
    else result[key] = joined(key, former, value);
  }
  return result;
}

/** Returns the values with a tag that says what becomes of those below them */
export const marked = (data: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).filter(([, value]) => value === reset || (isRecord(value) && override in value)),
  );

function joined(key: string, former: unknown, value: unknown): unknown {
  if (blocks.includes(key)) return { ...blockOf(former), ...blockOf(value) };
  if (Array.isArray(former) && Array.isArray(value)) {
    const all = [...former, ...value];
    // Another mount at the same place takes its place, and what is said twice counts once
    const identity = (entry: unknown) => (key === 'volumes' ? targetOf(entry) : JSON.stringify(entry));
    return [...new Map(all.map((entry) => [identity(entry), entry])).values()];
  }
  return isRecord(former) && isRecord(value) ? merged(former, value) : value;
}

function blockOf(data: unknown): Record<string, unknown> {
  if (!Array.isArray(data)) return isRecord(data) ? data : {};
  return Object.fromEntries(
    data.map(String).map((text) => {
      const at = text.indexOf('=');
      return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

const targetOf = (entry: unknown): string => {
  if (isRecord(entry)) return String(entry.target);
  const [first = '', second] = String(entry).split(':');
  return second ?? first;
};

/** Returns a service of a file in another folder with its paths from the first one */
export function rebased(data: Readonly<Record<string, unknown>>, folder: string): Record<string, unknown> {
  if (folder === '.') return { ...data };
  const { build, env_file: files, volumes } = data;
  const path = (value: unknown): unknown => (isPath(value) ? `./${join(folder, value)}` : value);
  return {
    ...data,
    ...(typeof build === 'string' && { build: path(build) }),
    ...(isRecord(build) && { build: { ...build, context: path(build.context ?? '.') } }),
    ...(files !== undefined && { env_file: Array.isArray(files) ? files.map(fileOf(path)) : fileOf(path)(files) }),
    ...(Array.isArray(volumes) && { volumes: volumes.map((entry) => mountOf(entry, path)) }),
  };
}

const fileOf =
  (path: (value: unknown) => unknown) =>
  (entry: unknown): unknown =>
    isRecord(entry) ? { ...entry, path: path(entry.path) } : path(entry);

function mountOf(entry: unknown, path: (value: unknown) => unknown): unknown {
  if (isRecord(entry)) return entry.type === 'bind' ? { ...entry, source: path(entry.source) } : entry;
  const text = String(entry);
  return text.startsWith('.') ? [path(text.split(':')[0]), ...text.split(':').slice(1)].join(':') : entry;
}

/** Whether it is a path of the project: neither absolute, nor in a home folder, nor a URL */
const isPath = (value: unknown): value is string => typeof value === 'string' && !/^([/~]|[a-z+]+:|git@)/.test(value);

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** Returns a block as a record; anything else as an empty one */
export const recordOf = (data: unknown): Readonly<Record<string, unknown>> => (isRecord(data) ? data : {});
