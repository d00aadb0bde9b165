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
  ['on a machine without secrets every line is shown', [], 'panic: no route\nexit 1', 'panic: no route\nexit 1'],
  ['a secret that begins another leaves nothing of it', ['pass', 'passphrase'], 'a passphrase', 'a [secret]'],
])('%s', (_name, secrets, line, expected) => {
  expect(scrubbed(secrets, line)).toBe(`${expected}\n`);
});

test('a release that has not taken its place yet is scrubbed by the list that came with it', () => {
  const script = 'SYSTEM=x RELEASE=x; incoming=$1; . templates/host/lib.sh; release=/nowhere; scrub';
  expect(scrubbed(['hunter22'], 'hunter22', script)).toBe('[secret]\n');
});

test('without a list nothing is shown, and that is said', () => {
  const script = 'SYSTEM=x RELEASE=x; . templates/host/lib.sh; release=/nowhere; scrub';
  expect(scrubbed([], 'hunter22', script)).toBe("(kept back: the list of secrets, /nowhere/secrets, can't be read)\n");
});

const ofRelease = 'SYSTEM=x RELEASE=x; . templates/host/lib.sh; release=$1; scrub';

/** What the host's scripts show of a log line */
function scrubbed(secrets: readonly string[], line: string, script = ofRelease): string {
  const release = mkdtempSync(join(tmpdir(), 'berth-scrub-'));
  try {
    writeFileSync(join(release, 'secrets'), secrets.map((secret) => `${secret}\n`).join(''));
    return execFileSync('bash', ['-euc', script, 'bash', release], {
      input: `${line}\n`,
      encoding: 'utf8',
      timeout: 60_000,
    });
  } finally {
    rmSync(release, { recursive: true });
  }
}
