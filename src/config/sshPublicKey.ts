import { textField } from './guide.ts';
import { sampleKey } from './reserved.ts';

export const sshPublicKey = textField({
  noun: 'the line of a public key',
  description: 'An OpenSSH public key on one line, as in ~/.ssh/id_ed25519.pub.',
  examples: ['ssh-ed25519 AAAA… ada@example.org'],
  allowed:
    'one line of an OpenSSH public key file: ssh-ed25519, ecdsa-sha2-nistp256/384/521 or ssh-rsa, then the key, then a comment',
  pattern: /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) AAAA[A-Za-z0-9+/]+={0,3}(?: [^\r\n]*)?$/,
  flaw: sshPublicKeyFlaw,
  placeholder: sampleKey,
});

/** Host key of a machine, which every connection checks */
export const hostKey = textField({
  noun: 'the line of a host key',
  description:
    "The machine's SSH host key: the output of `cat /etc/ssh/ssh_host_ed25519_key.pub` on its console. Another machine that " +
    'answers at its address is refused.',
  examples: ['ssh-ed25519 AAAA…'],
  allowed: 'one line of a host key, ssh-ed25519 or ecdsa-sha2-nistp256/384/521, then the key',
  pattern: /^(?:ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)) AAAA[A-Za-z0-9+/]+={0,3}(?: [^\r\n]*)?$/,
  flaw: hostKeyFlaw,
  placeholder: sampleKey,
});

function hostKeyFlaw(value: string) {
  const named = /^\S+ ((?:ssh|ecdsa)-.+)$/.exec(value);
  if (named) return { message: 'starts with a host name, as printed by ssh-keyscan', fix: `write ${named[1]}` };
  if (value.startsWith('ssh-rsa '))
    return { message: "is an RSA key, which can't be pinned", fix: 'write the line of ssh_host_ed25519_key.pub' };
  return sshPublicKeyFlaw(value);
}

function sshPublicKeyFlaw(value: string) {
  if (value.includes('PRIVATE KEY')) {
    return {
      message: 'is a private key: it must not be in this or any other file of the project',
      fix: 'create a new key pair, and write the line of its .pub file',
    };
  }
  if (/[\r\n]/.test(value.trim()))
    return { message: 'has more than one line', fix: 'write each key as an entry of the list' };
  if (value !== value.trim())
    return { message: 'has leading or trailing white space', fix: 'write only the line, without | or >' };
  const [type = '', body = ''] = value.split(' ');
  if (/^[~./].*\.pub$/.test(value))
    return { message: 'is a file name, and the key itself is needed', fix: `write the output of: cat ${value}` };
  if (type === 'ssh-dss')
    return {
      message: 'is a DSA key, which OpenSSH no longer accepts',
      fix: 'make an ed25519 key: ssh-keygen -t ed25519',
    };
  if (/^[^/]+\s(?:ssh|ecdsa)-/.test(value))
    return {
      message: 'starts with options, which berth does not support',
      fix: 'begin with the type of the key, such as ssh-ed25519',
    };
  if (/^sk-/.test(type)) return { message: 'is of a hardware key type, which berth does not support yet' };
  if (/^(?:ssh|ecdsa)-/.test(type) && typeIn(body) !== type)
    return { message: `is truncated or altered: its data is not a key of type ${type}` };
  return undefined;
}

/** Returns the key type in the first field of a key's body, after four bytes of length (RFC 4253) */
function typeIn(body: string): string | undefined {
  const bytes = Buffer.from(body, 'base64');
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return bytes.length > 4 + length ? bytes.subarray(4, 4 + length).toString('latin1') : undefined;
}
