import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate in PEM and the private key that belongs to it */
export interface Pair {
  certificate: string;
  key: string;
}

/**
 * One that is made now for these names or addresses
 * @param by the authority that signs it. @default it signs itself
 */
export const certificateOf = (names: readonly string[], days = 90, by?: Pair): Pair =>
  made({ name: names[0], days, by }, [
    `subjectAltName=${names.map((name) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`).join(',')}`,
    ...(by ? ['basicConstraints=critical,CA:FALSE'] : []),
  ]);

/** An authority of one's own, made now; those who are strict trust none that does not say what its key is for */
export const authorityOf = (name: string, days = 90): Pair =>
  made({ name, days }, ['keyUsage=critical,keyCertSign,cRLSign']);

function made(
  { name = '', days, by }: { name?: string | undefined; days: number; by?: Pair | undefined },
  extensions: readonly string[],
): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'berth-certificate-'));
  const at = (file: string): string => join(folder, file);
  try {
    for (const [file, text] of Object.entries(by ?? {})) writeFileSync(at(`by-${file}`), text);
    const words = [
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', `${days}`, '-subj', `/CN=${name}`],
      ...extensions.flatMap((extension) => ['-addext', extension]),
      ...(by ? ['-CA', at('by-certificate'), '-CAkey', at('by-key')] : []),
      ...['-keyout', at('key'), '-out', at('certificate')],
    ];
    execFileSync('openssl', ['req', '-x509', ...words], { stdio: 'pipe' });
    return { certificate: readFileSync(at('certificate'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
