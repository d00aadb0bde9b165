import { expect, test } from 'vitest';
import { checkInputs, readInputs } from '../../../../src/pulumi/command/inputs.ts';
import { isSecret, markSecret, UNKNOWN } from '../../../../src/pulumi/plugin.ts';

const connection = { host: '192.0.2.1', privateKey: 'the-key' };
const good = { create: 'true', addPreviousOutputInEnv: false, connection: markSecret(connection) };
const reasons = (news: Record<string, unknown>) => (checkInputs(news).failures ?? []).map(({ reason }) => reason);

test('the defaults are filled in, and the connection is secret even when it was given plain', () => {
  for (const given of [good.connection, connection]) {
    const { inputs, failures } = checkInputs({ ...good, connection: given });
    expect(failures).toEqual([]);
    expect(isSecret(inputs.connection)).toBe(true);
    expect(readInputs(inputs).connection).toEqual({
      ...connection,
      user: 'root',
      port: 22,
      hostKey: undefined,
      dialErrorLimit: 10,
      perDialTimeout: 15,
    });
  }
});

test('so are those of a proxy, and its private key is marked as the plugin marks it', () => {
  const { inputs, failures } = checkInputs({ ...good, connection: { ...connection, proxy: markSecret(connection) } });
  expect(failures).toEqual([]);
  expect(readInputs(inputs).connection.proxy).toEqual({
    ...{ ...connection, user: 'root', port: 22, hostKey: undefined },
    ...{ dialErrorLimit: 10, perDialTimeout: 15 },
  });
  const { value } = inputs.connection as { value: { privateKey: unknown; proxy: { privateKey: unknown } } };
  expect([value.privateKey, value.proxy.privateKey].map(isSecret)).toEqual([true, true]);
  expect(readInputs(checkInputs(good).inputs).connection.proxy).toBeUndefined();
});

test('what is not known yet is not wrong', () => {
  expect(reasons({ ...good, connection: UNKNOWN })).toEqual([]);
  expect(reasons({ ...good, connection: markSecret({ ...connection, host: UNKNOWN, port: UNKNOWN }) })).toEqual([]);
});

test.each<[Record<string, unknown>, string]>([
  [{ connection: undefined }, "Missing required field 'connection' on 'remote.CommandInputs'"],
  [{ connection: 'host' }, "Field 'connection' on 'remote.CommandInputs' must be a 'Connection'; got 'string' instead"],
  [{ create: 5 }, "Field 'create' on 'remote.CommandInputs' must be a 'string'; got 'number' instead"],
  [{ connection: { ...connection, host: null } }, "Missing required field 'host' on 'remote.Connection'"],
  [
    { connection: { ...connection, dialErrorLimit: 1.5 } },
    "Field 'dialErrorLimit' on 'remote.Connection' must be a 'int'",
  ],
  [
    { connection: { ...connection, proxy: 'host' } },
    "Field 'proxy' on 'remote.Connection' must be a 'ProxyConnection'; got 'string' instead",
  ],
  [
    { connection: { ...connection, proxy: { privateKey: 'the-key' } } },
    "Missing required field 'host' on 'remote.ProxyConnection'",
  ],
  [
    { connection: { ...connection, proxy: { ...connection, port: '22' } } },
    "Field 'port' on 'remote.ProxyConnection' must be a 'float64'",
  ],
])('%o: %s', (changed, expected) => {
  expect(reasons({ ...good, ...changed })).toEqual([expect.stringContaining(expected)]);
});

test.each(['update', 'delete', 'triggers', 'environment', 'assetPaths'])('%s is refused by name', (input) => {
  expect(reasons({ ...good, [input]: 'given' })).toEqual([
    expect.stringContaining(`doesn't serve ${input}; install the`),
  ]);
  expect(reasons({ ...good, [input]: null })).toEqual([]);
});

test.each(['password', 'privateKeyPassword', 'agentSocketPath', 'hostkey'])('connection.%s is refused', (input) => {
  const given = { ...connection, [input]: 'given' };
  expect(reasons({ ...good, connection: markSecret(given) })).toEqual([
    expect.stringContaining(`doesn't serve connection.${input}; install the`),
  ]);
  expect(reasons({ ...good, connection: { ...connection, proxy: given } })).toEqual([
    expect.stringContaining(`doesn't serve connection.proxy.${input}; install the`),
  ]);
});

test('no proxy goes through a further one', () => {
  const nested = { ...connection, proxy: { ...connection, proxy: connection } };
  expect(reasons({ ...good, connection: nested })).toEqual([expect.stringContaining('connection.proxy.proxy')]);
});

test('a login without a key and the former output in the environment are refused', () => {
  expect(reasons({ ...good, connection: { host: 'a' } })).toEqual([expect.stringContaining('without privateKey')]);
  expect(reasons({ ...good, connection: { ...connection, proxy: { host: 'a' } } })).toEqual([
    expect.stringContaining('a proxy without privateKey'),
  ]);
  for (const value of [undefined, true, UNKNOWN]) {
    expect(reasons({ ...good, addPreviousOutputInEnv: value })).toEqual([expect.stringContaining('other than false')]);
  }
});

test('no failure names a property, so that the engine prints no value', () => {
  const { failures } = checkInputs({ ...good, connection: { ...connection, port: '22' } });
  expect(failures).toEqual([{ property: '', reason: expect.not.stringContaining('the-key') }]);
});
