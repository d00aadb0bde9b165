import ssh from 'ssh2';
import { quote } from './quote.ts';

/** A pinned host key: what the server must show, and the only algorithm that is asked for. */
export interface HostKey {
  type: ssh.ServerHostKeyAlgorithm;
  blob: Buffer;
}

/**
 * Reads a host key as Go's `ssh.ParseAuthorizedKey` does: the first line `[host or options] type base64 [comment]`.
 * Bare base64 is no key, so that a pin that is only half copied never connects.
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
 * Reads a private key or says at once why not. The plugin also reads PKCS #8, which this stand-in refuses by name.
 * PuTTY's format, which `ssh2` would take, is no key to the plugin.
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
  // The reason is left out: it may quote the key.
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
