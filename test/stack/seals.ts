import { credentials, type Stack } from './samples.ts';

// Pulumi's own mark of a secret on the wire (sdk/nodejs/runtime/rpc.ts)
const sealMark = '4dabf18193072939515e22adb298388d';

export const isSealed = (value: unknown): boolean => typeof value === 'object' && value !== null && sealMark in value;

/** Every text of a resource's inputs that is in no seal */
export function plainTexts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || isSealed(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...plainTexts(inner)]);
}

/** The stack's own secrets, those that the clouds would give, and what providers log in with */
export function secretsOf({ config }: Pick<Stack, 'config'>): readonly RegExp[] {
  const own = Object.values((config['berth:secrets'] ?? {}) as Record<string, string>).flatMap((text) =>
    text.split('\n'),
  );
  const login = Object.values(credentials).filter((value) => /password|secret/.test(value));
  const texts = [...own, ...login].filter((text) => text.length > 8 && !text.startsWith('-----'));
  return [
    ...texts.map((text) => new RegExp(text.replace(/[^\w]/g, '\\$&'))),
    /the private half of|the-[a-z0-9-]*(secret|password|token|access)/,
  ];
}
