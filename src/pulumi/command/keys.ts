import ssh from 'ssh2';
import { quote } from './quote.ts';

/** Pinned host key: the key that the server must present, and the only algorithm that is requested */
export interface HostKey {
  type: ssh.ServerHostKeyAlgorithm;
  blob: Buffer;
}

/**
 * Parses a host key like Go's `ssh.ParseAuthorizedKey`: the first line of the form `[host or options] type base64
 * [comment]`. Base64 alone is rejected, so that an incompletely copied key never connects.
 */
export function parseHostKey(text: string): HostKey {
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const words = (line.split('\r')[0] ?? '').trim().split(/[ \t]+/);
    if (words.length < 2 || words[0]?.startsWith('#')) continue;
    for (const start of [0, 1]) {
      const type = words[start];
      const base64 = words[start + 1];
      if (type === undefined || base64 === undefined) continue;
      const found = readBlob(type, base64);
      if (typeof found !== 'string') return found;
      last = found;
    }
  }
  const detail = last === undefined ? '' : `; last parsing error for ignored line: ${last}`;
  throw new Error(`failed to parse host key: ssh: no key found${detail}`);
}

/**
 * Parses a private key
 * @throws with the reason. PKCS #8, which the genuine plugin reads, is rejected by name; PuTTY's format, which `ssh2`
 * accepts, is rejected as in the plugin
 */
export function parsePrivateKey(text: string): ssh.ParsedKey {
  const label = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*?\r?\n-----END \1-----/.exec(text);
  if (label === null) throw new Error('ssh: no key found');
  if (label[1]?.endsWith('PRIVATE KEY') !== true) throw new Error(`ssh: unsupported key type ${quote(label[1] ?? '')}`);
  if (/^Proc-Type: .*ENCRYPTED/m.test(label[0]) || label[1] === 'ENCRYPTED PRIVATE KEY') throw new Error(PROTECTED);
  if (label[1] === 'PRIVATE KEY') {
    throw new Error(
      "the stand-in for the command plugin can't read a PKCS #8 private key: give it in OpenSSH's format",
    );
  }
  const key = ssh.utils.parseKey(label[0]);
  // Without the library's reason, which may quote the key
  if (key instanceof Error) {
    throw new Error(/passphrase/i.test(key.message) ? PROTECTED : 'ssh: invalid openssh private key format');
  }
  return key;
}

const ALGORITHMS: readonly ssh.ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];

const PROTECTED = 'ssh: this private key is passphrase protected';

function readBlob(type: string, base64: string): HostKey | string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    return `illegal base64 data at input byte ${base64.search(/[^A-Za-z0-9+/]|$/)}`;
  }
  const blob = Buffer.from(base64, 'base64');
  if (blob.length < 4) return 'ssh: short read';
  const encoded = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
  const algorithm = ALGORITHMS.find((one) => one === encoded);
  if (algorithm === undefined) return `ssh: unknown key algorithm: ${encoded}`;
  if (ssh.utils.parseKey(`${encoded} ${base64}`) instanceof Error) return 'ssh: short read';
  if (type === encoded) return { type: algorithm, blob };
  return `ssh: authorized keys key type mismatch: human-readable type ${quote(type)}, encoded type ${quote(encoded)}`;
}
