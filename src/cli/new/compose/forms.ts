import { recordOf } from './merge.ts';
import { unknownVariable } from './variables.ts';

// Short and long forms of a service's values, each read into one shape

export interface Port {
  /** Port of the computer; undefined where Compose chooses one */
  published?: number;
  /** Port in the container */
  target: number;
  protocol: string;
  /** Whether it is open on the computer's own address alone */
  loopback: boolean;
}

/** Returns the ports of `ports`, ranges port by port; undefined in the place of an entry that is none */
export const portsOf = (data: unknown): readonly (readonly Port[] | undefined)[] =>
  listOf(data).map((entry) => (typeof entry === 'object' ? longPort(recordOf(entry)) : shortPort(String(entry))));

function longPort({ target, published, protocol = 'tcp', host_ip: host = '' }: Readonly<Record<string, unknown>>) {
  const port = Number(target);
  if (!Number.isInteger(port)) return undefined;
  const own = published === undefined ? undefined : Number(published);
  return [
    { target: port, ...(own && { published: own }), protocol: String(protocol), loopback: isLoopback(`${host}`) },
  ];
}

function shortPort(text: string): readonly Port[] | undefined {
  const [, host = '', published, target = '', protocol = 'tcp'] =
    /^(?:(\[[^\]]*\]|[^:]*):)??(?:([\d-]*):)?([\d-]+)(?:\/(\w+))?$/.exec(text) ?? [];
  const inside = rangeOf(target);
  const outside = published ? rangeOf(published) : undefined;
  if (!inside || (published && !outside)) return undefined;
  return inside.map((port, index) => {
    const own = outside?.[index];
    return { target: port, ...(own !== undefined && { published: own }), protocol, loopback: isLoopback(host) };
  });
}

function rangeOf(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  return Array.from({ length: Math.max(0, Number(last) - Number(first)) + 1 }, (_, index) => Number(first) + index);
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|\[?::1\]?$)/.test(host);

export interface Volume {
  kind: 'volume' | 'bind' | 'tmpfs';
  /** Name of a volume, or path of the computer; empty for one without a name */
  source: string;
  target: string;
  readOnly: boolean;
}

/** Returns the mounts of `volumes` */
export const volumesOf = (data: unknown): readonly Volume[] =>
  listOf(data).map((entry) => (typeof entry === 'object' ? longVolume(recordOf(entry)) : shortVolume(String(entry))));

const longVolume = ({ type, source = '', target, read_only: readOnly }: Readonly<Record<string, unknown>>): Volume => ({
  kind: type === 'bind' || type === 'tmpfs' ? type : 'volume',
  source: String(source),
  target: String(target),
  readOnly: readOnly === true,
});

function shortVolume(text: string): Volume {
  const [first = '', second, mode = ''] = text.split(':');
  if (second === undefined) return { kind: 'volume', source: '', target: first, readOnly: false };
  const kind = /^[./~]/.test(first) ? 'bind' : 'volume';
  return { kind, source: first, target: second, readOnly: mode.split(',').includes('ro') };
}

/** Returns variables by name, from a block or from a list of `NAME=value`; one without a value is the shell's */
export function environmentOf(data: unknown): Readonly<Record<string, string>> {
  const entries: (readonly [string, unknown])[] = Array.isArray(data)
    ? data.map((line) => {
        const text = String(line);
        const at = text.indexOf('=');
        return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
      })
    : Object.entries(recordOf(data));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      value === null || value === undefined ? unknownVariable(name) : String(value),
    ]),
  );
}

/** Returns a command's words: a list as it is, a text split as a shell would split it */
export function wordsOf(data: unknown): readonly string[] | undefined {
  if (data === undefined || data === null) return undefined;
  if (Array.isArray(data)) return data.map(String);
  const found = String(data).matchAll(/(?:"((?:\\.|[^"\\])*)"|'([^']*)'|((?:\\.|[^\s"'\\])+))+/gsu);
  return [...found].map(([word]) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gsu, (_, double?: string, single?: string, escaped?: string) =>
      double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : (single ?? escaped ?? ''),
    ),
  );
}

/** Returns a size such as `512m` or `1.5gb` in MB */
export function megabytesOf(data: unknown): number | undefined {
  const [, number, unit = 'b'] = /^([\d.]+)\s*([bkmg])?(?:i?b)?$/i.exec(String(data ?? '').trim()) ?? [];
  if (number === undefined) return undefined;
  const factor = { b: 1 / 1024 ** 2, k: 1 / 1024, m: 1, g: 1024 }[unit.toLowerCase()] ?? 1;
  return Math.max(1, Math.round(Number(number) * factor));
}

/** Returns a duration such as `1m30s` in seconds */
export function secondsOf(data: unknown): number | undefined {
  const text = String(data ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return undefined;
  const units: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  return Math.ceil(parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (units[unit] ?? 1), 0));
}

/** Returns the services of `depends_on`, each with the condition on which the dependent starts */
export const dependenciesOf = (data: unknown): Readonly<Record<string, string>> =>
  Array.isArray(data)
    ? Object.fromEntries(data.map((name) => [String(name), 'service_started']))
    : Object.fromEntries(
        Object.entries(recordOf(data)).map(([name, given]) => [
          name,
          String(recordOf(given).condition ?? 'service_started'),
        ]),
      );

/** Returns a list as it is, one value as a list of it */
export const listOf = (data: unknown): readonly unknown[] =>
  Array.isArray(data) ? data : data === undefined || data === null ? [] : [data];
