import type { Path } from './path.ts';

/** Returns whether the value at a path must never be printed */
export const isSecretPath = (path: Path): boolean =>
  path[0] === 'berth:secrets' ||
  path.some(
    (key) =>
      /secret|passw|passphrase|token|key|credential/i.test(String(key)) && !/public|^hostKey$/i.test(String(key)),
  );

/** Returns a value for an error message: shortened and without secrets; of blocks and lists only the type */
export function shown(value: unknown, path: Path): string {
  if (value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return isEncrypted(value) ? 'an encrypted value' : 'a block';
  if (isSecretPath(path)) return '[secret]';
  return typeof value === 'string' ? `\`${shortened(withoutSecrets(value))}\`` : `the ${typeof value} \`${value}\``;
}

/** Replaces private keys, and passwords in URLs */
export const withoutSecrets = (text: string): string =>
  text.includes('PRIVATE KEY') ? '[secret]' : text.replace(/[^\s/:@]*:[^\s/@]*@/g, '[secret]@');

/** Returns whether a value is encrypted by `pulumi config set --secret` */
export const isEncrypted = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'secure';

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
