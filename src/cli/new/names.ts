/** Returns a name as identifiers have it: `db_password` is `dbPassword` */
export const camel = (text: string): string => {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const upper = words.every((word) => word === word.toUpperCase());
  return words
    .map((word, index) => {
      const plain = upper ? word.toLowerCase() : word;
      return index === 0
        ? `${plain[0]?.toLowerCase() ?? ''}${plain.slice(1)}`
        : `${plain[0]?.toUpperCase()}${plain.slice(1)}`;
    })
    .join('');
};

/** Returns a name of a service or role: lower-case letters, digits and hyphens */
export const hyphenated = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');

/** Whether a variable by its name holds a secret */
export const isSecretName = (name: string): boolean =>
  secretWords.test(name) && !/PUBLIC|_FILE$|_URL$|_PATH$|_HEADER|_LENGTH$|_TTL$|EXPIR|_NAME$/i.test(name);

const secretWords =
  /PASSWORD|PASSWD|PASSPHRASE|_PASS$|^PASS$|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|SALT|CREDENTIAL|_KEY(_BASE)?$|^KEY$|_DSN$/i;

/** Whether a name is one of a system, as folders and machines have it */
export const isSystemName = (name: string): boolean => /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/.test(name);
