/** Form of a secret, by which `berth local` makes one up */
export type SecretForm =
  /** Letters and digits; `login` where a person logs in with it, to a service of the system */
  | { kind: 'password'; login?: { user: string; service: string } }
  /** Random bytes in base64 after a prefix */
  | { kind: 'key'; prefix: string; bytes: number }
  /** A line as `htpasswd -nB` prints it; the user logs in wherever a route asks for this secret's users */
  | { kind: 'users'; user: string }
  /** What nobody can make up, such as a certificate */
  | { kind: 'given' };

export type SecretForms = Readonly<Record<string, SecretForm>>;
