import { runLogged } from '../../../process/stage.ts';

/** Perl's `crypt` is that of Debian's libcrypt, which knows bcrypt; Node.js and OpenSSL do not */
const program = 'chomp(my ($password, $salt) = <STDIN>); print crypt($password, $salt)';

/** bcrypt's own digits of base 64 */
const digits = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Returns the bcrypt hash of a password, computed in a container without network
 * @param image image of local machines
 * @param salt 16 bytes
 */
export async function passwordHash(image: string, password: string, salt: Buffer): Promise<string> {
  const text = [...salt.toString('base64').replace(/=/g, '')].map((one) => digits[standard.indexOf(one)]).join('');
  const words = ['run', '--rm', '--interactive', '--network', 'none', '--entrypoint', 'perl', image, '-e', program];
  return runLogged('docker', words, {
    log: () => undefined,
    input: `${password}\n$2b$08$${text}\n`,
    timeoutSeconds: 60,
  }).then((answer) => answer.trim());
}
