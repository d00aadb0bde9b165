import ssh2 from 'ssh2';

export interface KeyPair {
  /** In OpenSSH's own format, without a passphrase */
  private: string;
  /** One line */
  public: string;
}

const make = (comment: string): KeyPair => ssh2.utils.generateKeyPairSync('ed25519', { comment });

/**
 * A new ed25519 key pair. The library drops a leading zero byte, so that about one of 250 of its keys is none that
 * anybody reads: such a pair is made again.
 * @param generate makes one pair. @default the library's
 */
export function keyPair(comment: string, generate = make): KeyPair {
  for (;;) {
    const pair = generate(comment);
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
