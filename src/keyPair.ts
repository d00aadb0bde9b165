import ssh2 from 'ssh2';

export interface KeyPair {
  /** In OpenSSH's format, without a passphrase */
  private: string;
  /** One line */
  public: string;
}

const make = (comment: string): KeyPair => ssh2.utils.generateKeyPairSync('ed25519', { comment });

/**
 * Generates an ed25519 key pair. The library drops a leading zero byte, so that about one in 250 of its keys is
 * unreadable: such a pair is generated again.
 * @param generate generates one pair. @default the library's generator
 */
export function keyPair(comment: string, generate = make): KeyPair {
  for (;;) {
    const pair = generate(comment);
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
