import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keyPair } from '../../../src/keyPair.ts';
import { publicKeyOf } from '../../../src/model/sshKey.ts';

const hasKeygen = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v ssh-keygen']).length > 0;
  } catch {
    return false;
  }
})();

function generated(...words: string[]): { privateKey: string; publicKey: string } {
  const folder = mkdtempSync(join(tmpdir(), 'berth-key-'));
  try {
    execFileSync('ssh-keygen', ['-q', '-f', join(folder, 'key'), '-C', 'a comment', ...words]);
    const [privateKey, publicKey] = ['key', 'key.pub'].map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return { privateKey: privateKey ?? '', publicKey: publicKey ?? '' };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!hasKeygen).each([
  ['ed25519', []],
  ['ecdsa', ['-b', '384']],
  ['rsa', ['-b', '2048']],
])('is what ssh-keygen says: %s', (type, words) => {
  const { privateKey, publicKey } = generated('-t', type, '-N', '', ...words);
  expect(publicKeyOf(privateKey, 'a comment')).toBe(publicKey);
});

test('is right for the key that a local stack makes', () => {
  const pair = keyPair('berth-local');
  expect(publicKeyOf(pair.private, 'berth-local')).toBe(pair.public);
});

test.skipIf(!hasKeygen)('a key with a passphrase is refused', () => {
  const { privateKey } = generated('-t', 'ed25519', '-N', 'secret phrase');
  expect(() => publicKeyOf(privateKey, '')).toThrow('the deploy key has a passphrase: it must have none');
});

test.each([
  ['nothing', ''],
  ['another format', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----'],
  ['no key inside', '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2hunter2\n-----END OPENSSH PRIVATE KEY-----'],
])('%s is refused in words that hold nothing of it', (_, text) => {
  const refusal = (() => {
    try {
      return publicKeyOf(text, '');
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  })();
  expect(refusal).toMatch(/^the deploy key .*: make one with ssh-keygen -t ed25519$/);
  expect(refusal).not.toContain('hunter2');
});
