import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate in PEM and the private key that belongs to it */
export interface Pair {
  certificate: string;
  key: string;
}

/** One that signs itself, made now, for these names */
export function certificateOf(names: readonly string[], days = 90): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'berth-certificate-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  try {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', `${days}`];
    const subject = [
      '-subj',
      `/CN=${names[0]}`,
      '-addext',
      `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
    ];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'pipe',
    });
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
