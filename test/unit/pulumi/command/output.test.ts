import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHostKey, parsePrivateKey } from '../../../../src/pulumi/command/keys.ts';
import { Output } from '../../../../src/pulumi/command/output.ts';
import { quote, quoteList } from '../../../../src/pulumi/command/quote.ts';

test.each([
  ['plain text', '"plain text"'],
  ['a "quote" and a \\', '"a \\"quote\\" and a \\\\"'],
  ['tab\tnewline\nreturn\rbell\x07', '"tab\\tnewline\\nreturn\\rbell\\a"'],
  ['é 漢 😀', '"é 漢 😀"'],
  ['\x00\x1b\x7f\u00a0\u200b\u{e0001}', '"\\x00\\x1b\\x7f\\u00a0\\u200b\\U000e0001"'],
])('%j is quoted as Go does', (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test('a list is quoted as Go does', () => {
  expect(quoteList(['a', 'b c'])).toBe('["a" "b c"]');
});

test('lines are shown whole and in order, however they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[aé\r\n]{0,6}$/)), async (chunks) => {
      const text = chunks.join('');
      const lines = text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      expect(await shown(chunks)).toEqual(lines.map((line) => line.replace(/\r$/, '')));
    }),
  );
});

test('one newline is cut from the end, no more, and bytes stay bytes', () => {
  const output = new Output('none', context([]));
  output.add('stdout', Buffer.from([0xff, 0x0a, 0x0a]));
  expect(output.trimmed('stdout')).toEqual(Buffer.from([0xff, 0x0a]));
  expect(output.trimmed('stderr')).toEqual(Buffer.alloc(0));
});

const BLOB = 'AAAAC3NzaC1lZDI1NTE5AAAAIGDYXIs32dFUYEgAyNE2IKh0tPd8EvvqQ5Z8kCWGl6X2';

test.each([`ssh-ed25519 ${BLOB}`, `\n# old\nexample.org,192.0.2.1 ssh-ed25519 ${BLOB} me@here\r\n`])(
  'a pinned host key is read from %j',
  (text) => {
    expect(parseHostKey(text)).toEqual({ type: 'ssh-ed25519', blob: Buffer.from(BLOB, 'base64') });
  },
);

test.each([
  ['', 'ssh: no key found'],
  [BLOB, 'ssh: no key found'],
  ['# ssh-ed25519', 'ssh: no key found'],
  [`ssh-rsa ${BLOB}`, 'human-readable type "ssh-rsa", encoded type "ssh-ed25519"'],
  ['ssh-ed25519 AAAA', 'last parsing error for ignored line: ssh: '],
  ['ssh-ed25519 no!base64', 'last parsing error for ignored line: illegal base64 data at input byte 2'],
])('%j is no host key', (text, expected) => {
  expect(() => parseHostKey(text)).toThrow(`failed to parse host key: ssh: no key found`);
  expect(() => parseHostKey(text)).toThrow(expected);
});

test.each([
  ['garbage', 'ssh: no key found'],
  ['PuTTY-User-Key-File-2: ssh-ed25519\nEncryption: none', 'ssh: no key found'],
  [pem('PUBLIC KEY', 'AAAA'), 'ssh: unsupported key type "PUBLIC KEY"'],
  [pem('PRIVATE KEY', 'AAAA'), "can't read a PKCS #8 private key"],
  [pem('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAAAA'), 'passphrase protected'],
  [pem('OPENSSH PRIVATE KEY', 'c2VjcmV0'), 'ssh: invalid openssh private key format'],
])('%j is no private key, and its text is not repeated', (text, expected) => {
  expect(() => parsePrivateKey(text)).toThrow(expected);
});

function pem(label: string, body: string): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

async function shown(chunks: string[]): Promise<string[]> {
  const lines: string[] = [];
  const output = new Output(undefined, context(lines));
  for (const chunk of chunks) {
    // Also in the middle of a character.
    for (const byte of Buffer.from(chunk)) output.add('stdout', Buffer.from([byte]));
  }
  await output.end();
  return lines;
}

function context(lines: string[]) {
  return {
    urn: 'urn',
    name: 'name',
    preview: false,
    signal: new AbortController().signal,
    log: async (message: string) => {
      lines.push(message);
    },
  };
}
