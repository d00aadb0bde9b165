/**
 * Returns the public key of an OpenSSH private key as one line of authorized_keys. The file contains it unencrypted,
 * before the private key (PROTOCOL.key of OpenSSH).
 * @throws when the text is not an OpenSSH private key or has a passphrase; the message contains nothing of the text
 */
export function publicKeyOf(privateKey: string, comment: string): string {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/.exec(privateKey)?.[1];
  const data = Buffer.from(body ?? '', 'base64');
  if (!data.toString('latin1').startsWith(magic))
    throw new Error('the deploy key is not an OpenSSH private key: make one with ssh-keygen -t ed25519');
  let offset = magic.length;
  const next = (): Buffer => {
    const start = offset + 4;
    offset = start + data.readUInt32BE(offset);
    return data.subarray(start, offset);
  };
  const [cipher] = [next(), next(), next()];
  if (cipher?.toString() !== 'none') throw new Error('the deploy key has a passphrase: it must have none');
  offset += 4;
  const publicKey = next();
  const type = publicKey.subarray(4, 4 + publicKey.readUInt32BE(0)).toString();
  return `${type} ${publicKey.toString('base64')} ${comment}`;
}

const magic = 'openssh-key-v1\0';
