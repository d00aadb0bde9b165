import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newAuthority, type Pair, signedBy } from '../../../../../src/clouds/local/provider/openssl.ts';

const wanted = { names: ['mysql', 'localhost'], addresses: ['10.213.9.32', '127.0.0.1'] };

/** Whether the strictest of clients accept the certificate for an address */
function accepted(authority: Pair, { certificate }: Pair, address: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'berth-accepted-'));
  try {
    writeFileSync(join(folder, 'authority'), authority.certificate);
    writeFileSync(join(folder, 'certificate'), certificate);
    const words = ['-x509_strict', '-purpose', 'sslserver', '-verify_ip', address, '-CAfile', 'authority'];
    execFileSync('openssl', ['verify', ...words, 'certificate'], { cwd: folder, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a certificate is valid for its names and addresses alone, by its own authority alone', async () => {
  const [authority, other] = await Promise.all([newAuthority('shop-authority'), newAuthority('shop-authority')]);
  const made = await signedBy(authority, 'shop-database', wanted);
  expect(accepted(authority, made, '10.213.9.32')).toBe(true);
  expect(accepted(authority, made, '10.213.9.33')).toBe(false);
  expect(accepted(other, made, '10.213.9.32')).toBe(false);
  const read = new X509Certificate(made.certificate);
  expect(read.subjectAltName).toBe('DNS:mysql, DNS:localhost, IP Address:10.213.9.32, IP Address:127.0.0.1');
  expect(read.ca).toBe(false);
  expect(new Date(read.validTo).getTime()).toBeGreaterThan(Date.now() + 20 * 365 * 24 * 3600 * 1000);
  expect(made.key).toContain('-----BEGIN PRIVATE KEY-----');
});

test('a computer without openssl is told so', async () => {
  const { PATH } = process.env;
  process.env.PATH = '/nowhere';
  try {
    await expect(newAuthority('shop-authority')).rejects.toThrow(/openssl did not start .*install it/);
  } finally {
    process.env.PATH = PATH;
  }
});
