import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { type Connection, checked, connection } from '../../../src/hosts/connection.ts';

const good: Connection = {
  host: '203.0.113.10',
  port: 22,
  user: 'ops',
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGDYXIs32dFUYEgAyNE2IKh0tPd8EvvqQ5Z8kCWGl6X2 web-0',
  privateKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n-----END OPENSSH PRIVATE KEY-----\n',
  dialErrorLimit: 5,
  perDialTimeout: 5,
};

test.each([
  ['patient', 45],
  ['quick', 5],
] as const)('a %s connection is a secret, pinned, and dials %i times', async (patience, dialErrorLimit) => {
  const { host, port, user, hostKey, privateKey } = good;
  const machine = { name: 'web-0', role: 'web', index: 0, port, user };
  const made = connection(
    { ...machine, address: pulumi.output(host), hostKey: pulumi.output(hostKey) },
    pulumi.output(privateKey),
    patience,
  );
  expect(await pulumi.isSecret(made)).toBe(true);
  expect(await new Promise((resolve) => made.apply(resolve))).toEqual({ ...good, dialErrorLimit });
});

test.each<[string, Partial<Connection>, string]>([
  ['an address', { host: 'web one' }, '"web one" is not an address to connect to'],
  ['an empty host key', { hostKey: '' }, 'the host key of ops@203.0.113.10 is not one line like "ssh-ed25519 AAAA…"'],
  ['a host key of RSA', { hostKey: 'ssh-rsa AAAA' }, "an RSA key can't be pinned"],
  ['a deploy key', { privateKey: 'hush' }, 'the deploy key for ops@203.0.113.10 is not a private key in PEM'],
])('%s that cannot be right is told before a plugin sees it, without the key', (_name, changed, reason) => {
  const check = () => checked({ ...good, ...changed });
  expect(check).toThrow(reason);
  expect(check).not.toThrow('hush');
});
