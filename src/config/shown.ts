import type { Path } from './path.ts';

/** Whether what stands at a path must never be printed */
export const isSecretPath = (path: Path): boolean =>
  path[0] === 'berth:secrets' ||
  path.some(
    (key) =>
      /secret|passw|passphrase|token|key|credential/i.test(String(key)) && !/public|^hostKey$/i.test(String(key)),
  );

/** A value as an error may show it, short and without secrets; blocks and lists only by what they are */
export function shown(value: unknown, path: Path): string {
  if (value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return isEncrypted(value) ? 'an encrypted value' : 'a block';
  if (isSecretPath(path)) return '[secret]';
  return typeof value === 'string' ? `\`${shortened(withoutSecrets(value))}\`` : `the ${typeof value} \`${value}\``;
}

/** Text without what gives access wherever it stands: private keys, and passwords in addresses */
export const withoutSecrets = (text: string): string =>
  text.includes('PRIVATE KEY') ? '[secret]' : text.replace(/[^\s/:@]*:[^\s/@]*@/g, '[secret]@');

/** What Pulumi's `--secret` leaves in a file */
export const isEncrypted = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'secure';

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
