import { isUtf8 } from 'node:buffer';

/** Properties of a resource as plain JavaScript values, with secrets wrapped (see {@link markSecret}) */
export type Properties = Record<string, unknown>;

/** Placeholder for values that are known only after a preview; allowed anywhere in the state that a preview returns */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';
const BYTES_SIGNATURE = '803fd3297a5875dc03ca845dda5d2a98';

interface Secret {
  [SIGNATURE_KEY]: typeof SECRET_SIGNATURE;
  value: unknown;
}

/** Marks a value as secret: the engine encrypts it in the state and hides it on the terminal */
export function markSecret(value: unknown): Secret {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Returns bytes as text, or in the engine's own format if they are not UTF-8 (which no Node.js program can read) */
export function textOrBytes(bytes: Buffer): unknown {
  return isUtf8(bytes) ? bytes.toString('utf8') : { [SIGNATURE_KEY]: BYTES_SIGNATURE, value: bytes.toString('base64') };
}

export function isSecret(value: unknown): value is Secret {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Returns the value with every secret unwrapped; the result must never be logged or put in an error */
export function unwrap(value: Properties): Properties;
export function unwrap(value: unknown): unknown;
export function unwrap(value: unknown): unknown {
  if (isSecret(value)) return unwrap(value.value);
  if (Array.isArray(value)) return value.map((item) => unwrap(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}

export function containsSecret(value: unknown): boolean {
  return contains(value, isSecret);
}

export function containsUnknown(value: unknown): boolean {
  return contains(value, (item) => item === UNKNOWN);
}

/** Compares two values, including secret marks: a plain value and a secret with the same text differ */
export function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => equal(left[key], right[key]));
}

export function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function contains(value: unknown, wanted: (item: unknown) => boolean): boolean {
  if (wanted(value)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, wanted));
  return isObject(value) && Object.values(value).some((item) => contains(item, wanted));
}
