import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured } from '../../../process/captured.ts';

/** A certificate and its private key, in PEM */
export interface Pair {
  certificate: string;
  key: string;
}

const days = '10950';

/** @throws where this computer has no openssl */
export const newAuthority = (name: string): Promise<Pair> =>
  inFolder({ 'openssl.cnf': configuration(name, authorityExtensions) }, async (openssl) => {
    await openssl('req', '-x509', '-new', ...newKey, '-days', days, '-out', 'certificate');
  });

/**
 * Returns a certificate of a server for these names and addresses
 * @throws as `newAuthority`
 */
export const signedBy = (
  authority: Pair,
  name: string,
  { names, addresses }: { names: readonly string[]; addresses: readonly string[] },
): Promise<Pair> => {
  const alternatives = [...names.map((one) => `DNS:${one}`), ...addresses.map((one) => `IP:${one}`)];
  const files = {
    'authority.crt': authority.certificate,
    'authority.key': authority.key,
    'openssl.cnf': configuration(name, [...serverExtensions, `subjectAltName=${alternatives.join(',')}`]),
  };
  return inFolder(files, async (openssl) => {
    await openssl('req', '-new', ...newKey, '-out', 'request');
    const by = ['-CA', 'authority.crt', '-CAkey', 'authority.key', '-CAcreateserial'];
    const extensions = ['-extfile', 'openssl.cnf', '-extensions', 'extensions'];
    await openssl('x509', '-req', '-in', 'request', ...by, ...extensions, '-days', days, '-out', 'certificate');
  });
};

const authorityExtensions = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
];
const serverExtensions = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=serverAuth',
  'authorityKeyIdentifier=keyid',
];

const newKey = [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-config',
  'openssl.cnf',
  '-keyout',
  'key',
];

/** A configuration of its own, since that of a computer may add extensions */
const configuration = (name: string, extensions: readonly string[]): string =>
  [
    ...['[req]', 'prompt=no', 'distinguished_name=subject', 'x509_extensions=extensions'],
    ...['[subject]', `CN=${name}`, '[extensions]', ...extensions, ''],
  ].join('\n');

type Openssl = (...words: string[]) => Promise<void>;

/** Runs openssl in a folder that only this user can read, since it takes keys from files, and removes the folder */
async function inFolder(files: Readonly<Record<string, string>>, work: (openssl: Openssl) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-certificate-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
    await work((...words) => openssl(folder, words));
    const [certificate, key] = await Promise.all(
      ['certificate', 'key'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { certificate: certificate ?? '', key: key ?? '' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function openssl(cwd: string, words: readonly string[]): Promise<void> {
  const { code, stderr } = await captured('openssl', words, { cwd, env: process.env }).catch((error: Error) => {
    throw new Error(`openssl did not start (${error.message}): install it, it makes the certificates of databases`);
  });
  if (code !== 0) throw new Error(`openssl ${words[0]} failed: ${stderr.trim()}`);
}
