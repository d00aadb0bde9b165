import type { SecretFlaw } from './system.ts';

/** A line of a name and a bcrypt hash, as `htpasswd -nB` prints it */
const line = /^[^:\s]+:\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/**
 * Returns the first flaw of a list of users with which somebody could not log in: the edge accepts any text as a hash
 * and then rejects every password
 * @param text one user per line
 * @returns a message with the number of the first wrong line and nothing of the secret text; undefined where all are
 * valid
 */
export function passwordLinesFlaw(text: string): SecretFlaw | undefined {
  const lines = text.trimEnd().split(/\r?\n/);
  const at = lines.findIndex((one) => !line.test(one));
  const names = lines.map((one) => one.split(':', 1)[0]);
  if (at === -1) {
    const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
    return twice === -1 ? undefined : { message: `names the same user twice, the second time on line ${twice + 1}` };
  }
  return { message: `line ${at + 1} ${flawOf(lines[at] ?? '')}`, fix: 'print the line with: htpasswd -nB <name>' };
}

function flawOf(text: string): string {
  if (text.trim() === '') return 'is empty';
  if (text.includes('$$')) return 'has $$ where a hash has $, as compose files write it';
  if (text !== text.trim() || /\s/.test(text))
    return 'contains a space: write one line per user, with only a name and a hash';
  if (!text.includes(':')) return 'has no colon between a name and a hash';
  if (text.split(':').length > 2) return 'has more than one colon: write one line per user';
  return 'has no bcrypt hash: a password in plain text, another kind of hash, or a part of one';
}
