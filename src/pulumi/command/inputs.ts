import { type CheckResult, markSecret, type Properties, UNKNOWN, unwrap } from '../plugin.ts';

/** Checked inputs of a command, with defaults and without secret marks */
export interface Inputs {
  create: string | undefined;
  stdin: string | undefined;
  logging: string | undefined;
  connection: ConnectionInputs;
}

/** Login data, optionally through a bastion (`proxy`) */
export interface ConnectionInputs extends LoginInputs {
  proxy: LoginInputs | undefined;
}

/** `dialErrorLimit` is a number of retries, `perDialTimeout` is in seconds */
export interface LoginInputs {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string | undefined;
  dialErrorLimit: number;
  perDialTimeout: number;
}

/**
 * Fills in defaults and reports problems in the plugin's words, but without the value: the genuine plugin's message
 * contains the whole connection with its private key. The engine prints the value of a property that a failure names,
 * so failures name none.
 */
export function checkInputs(news: Properties): CheckResult {
  const plain = unwrap(news);
  const reasons = problems(plain, COMMAND, 'remote.CommandInputs', '');
  if (plain.addPreviousOutputInEnv !== false) reasons.push(unserved('addPreviousOutputInEnv other than false'));
  if (!isRecord(plain.connection)) return result(news, reasons);

  const connection = withDefaults(plain.connection);
  reasons.push(...problems(connection, CONNECTION, 'remote.Connection', 'connection.'));
  if (!('privateKey' in connection)) reasons.push(unserved('a connection without privateKey'));
  if (isRecord(connection.proxy)) {
    reasons.push(...problems(connection.proxy, LOGIN, 'remote.ProxyConnection', 'connection.proxy.'));
    if (!('privateKey' in connection.proxy)) reasons.push(unserved('a proxy without privateKey'));
  }
  return result({ ...news, connection: markSecret(marked(connection)) }, reasons);
}

function withDefaults(connection: Properties): Properties {
  const filled: Properties = { ...DEFAULTS, ...given(connection) };
  return isRecord(filled.proxy) ? { ...filled, proxy: withDefaults(filled.proxy) } : filled;
}

/**
 * Marks private keys as secret. The genuine plugin also marks both the connection and the keys in it, and a hook
 * receives both marks.
 */
function marked({ privateKey, proxy, ...login }: Properties): Properties {
  return {
    ...login,
    ...(privateKey !== undefined && { privateKey: markSecret(privateKey) }),
    ...(proxy !== undefined && { proxy: isRecord(proxy) ? marked(proxy) : proxy }),
  };
}

/** Reads checked inputs */
export function readInputs(checked: Properties): Inputs {
  const plain = unwrap(checked);
  const connection = isRecord(plain.connection) ? plain.connection : {};
  return {
    create: text(plain.create),
    stdin: text(plain.stdin),
    logging: text(plain.logging),
    connection: {
      ...readLogin(connection),
      proxy: isRecord(connection.proxy) ? readLogin(connection.proxy) : undefined,
    },
  };
}

function readLogin(login: Properties): LoginInputs {
  return {
    host: text(login.host) ?? '',
    port: Number(login.port),
    user: text(login.user) ?? '',
    privateKey: text(login.privateKey) ?? '',
    hostKey: text(login.hostKey),
    dialErrorLimit: Number(login.dialErrorLimit),
    perDialTimeout: Number(login.perDialTimeout),
  };
}

/** Returns the error for features of the genuine plugin that this stand-in lacks */
export function unserved(what: string): string {
  return `the stand-in for the command plugin doesn't serve ${what}; install the genuine plugin: pulumi plugin install resource command 1.2.1`;
}

const DEFAULTS = { user: 'root', port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

/** Supported inputs with their types in the plugin's words; `!` marks required ones */
const COMMAND = {
  connection: 'Connection!',
  create: 'string',
  stdin: 'string',
  logging: 'string',
  addPreviousOutputInEnv: 'bool',
};
const LOGIN = {
  host: 'string!',
  port: 'float64',
  user: 'string',
  privateKey: 'string',
  hostKey: 'string',
  dialErrorLimit: 'int',
  perDialTimeout: 'int',
};
const CONNECTION = { ...LOGIN, proxy: 'ProxyConnection' };

const isOfType: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  float64: (value) => typeof value === 'number',
  int: (value) => Number.isInteger(value),
  Connection: isRecord,
  ProxyConnection: isRecord,
};

function problems(values: Properties, fields: Record<string, string>, owner: string, path: string): string[] {
  const missing = Object.keys(fields).filter((key) => fields[key]?.endsWith('!') && (values[key] ?? null) === null);
  const wrong = Object.entries(given(values)).flatMap(([key, value]) => {
    const type = fields[key]?.replace('!', '');
    if (type === undefined) return key.startsWith('__') ? [] : [unserved(`${path}${key}`)];
    if (value === UNKNOWN || isOfType[type]?.(value)) return [];
    return [`Field '${key}' on '${owner}' must be a '${type}'; got '${typeof value}' instead`];
  });
  return [...missing.map((key) => `Missing required field '${key}' on '${owner}'`), ...wrong];
}

function result(inputs: Properties, reasons: string[]): CheckResult {
  return { inputs, failures: reasons.map((reason) => ({ property: '', reason })) };
}

/** Removes null values, which the plugin treats as missing */
function given(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? null) !== null));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
