import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test.each<[string, string[], string, string]>([
  [
    'every secret goes, each time',
    ['hunter22', 'swordfish'],
    'hunter22 swordfish hunter22',
    '[secret] [secret] [secret]',
  ],
  ['a secret that the mark itself contains ends too', ['secret'], 'a secret', 'a [secret]'],
  ['what a pattern would mean is taken as it is', ['a.c*[x'], 'a.c*[x abc', '[secret] abc'],
  ['a line that is too short to be one stays', ['no'], 'no secret', 'no secret'],
])('%s', (_name, secrets, line, expected) => {
  expect(scrubbed(secrets, line)).toBe(`${expected}\n`);
});

/** What the host's scripts show of a log line */
function scrubbed(secrets: readonly string[], line: string): string {
  const release = mkdtempSync(join(tmpdir(), 'berth-scrub-'));
  try {
    writeFileSync(join(release, 'secrets'), secrets.map((secret) => `${secret}\n`).join(''));
    const script = 'SYSTEM=x RELEASE=x; . templates/host/lib.sh; release=$1; scrub';
    return execFileSync('bash', ['-euc', script, 'bash', release], {
      input: `${line}\n`,
      encoding: 'utf8',
      timeout: 5000,
    });
  } finally {
    rmSync(release, { recursive: true });
  }
}
