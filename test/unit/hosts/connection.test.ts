import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { type Connection, checkedConnection, connection } from '../../../src/hosts/connection.ts';

const good: Connection = {
  host: '203.0.113.10',
  port: 22,
  user: 'ops',
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGDYXIs32dFUYEgAyNE2IKh0tPd8EvvqQ5Z8kCWGl6X2 web-0',
  privateKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nhush\n-----END OPENSSH PRIVATE KEY-----\n',
  dialErrorLimit: 5,
  perDialTimeout: 5,
};

const login: NonNullable<Connection['proxy']> = {
  ...good,
  ...{ host: '198.51.100.7', port: 2200, user: 'jump' },
  hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f gate',
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

test('through a bastion, both are pinned and have the deploy key; the bastion is tried again, the machine behind it once', async () => {
  const { host, port, user, hostKey, privateKey } = good;
  const { privateKey: _, ...bastion } = login;
  const made = connection(
    {
      ...{ name: 'web-0', role: 'web', index: 0, port, user },
      ...{ address: pulumi.output(host), hostKey: pulumi.output(hostKey) },
      proxy: { address: bastion.host, port: bastion.port, user: bastion.user, hostKey: bastion.hostKey },
    },
    pulumi.output(privateKey),
    'quick',
  );
  expect(await pulumi.isSecret(made)).toBe(true);
  expect(await new Promise((resolve) => made.apply(resolve))).toEqual({ ...good, dialErrorLimit: 0, proxy: login });
});

test.each<[string, Partial<Connection>, string]>([
  ['the address of a bastion', { proxy: { ...login, host: 'the gate' } }, '"the gate" is not an address to connect to'],
  ['the host key of a bastion', { proxy: { ...login, hostKey: '' } }, 'the host key of jump@198.51.100.7 is not one'],
  ['an address', { host: 'web one' }, '"web one" is not an address to connect to'],
  ['an empty host key', { hostKey: '' }, 'the host key of ops@203.0.113.10 is not one line like "ssh-ed25519 AAAA…"'],
  ['a host key of RSA', { hostKey: 'ssh-rsa AAAA' }, "an RSA key can't be pinned"],
  ['a deploy key', { privateKey: 'hush' }, 'the deploy key for ops@203.0.113.10 is not a private key in PEM'],
])('%s that cannot be right is told before a plugin sees it, without the key', (_name, changed, reason) => {
  const check = () => checkedConnection({ ...good, ...changed });
  expect(check).toThrow(reason);
  expect(check).not.toThrow('hush');
});
