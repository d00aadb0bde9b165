import { expect, test } from 'vitest';
import { checkInputs, readInputs } from '../../../../src/plugins/command/inputs.ts';
import { isSecret, secret, UNKNOWN } from '../../../../src/plugins/kit.ts';

const connection = { host: '192.0.2.1', privateKey: 'the-key' };
const good = { create: 'true', addPreviousOutputInEnv: false, connection: secret(connection) };
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

test('what is not known yet is not wrong', () => {
  expect(reasons({ ...good, connection: UNKNOWN })).toEqual([]);
  expect(reasons({ ...good, connection: secret({ ...connection, host: UNKNOWN, port: UNKNOWN }) })).toEqual([]);
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
])('%o: %s', (changed, expected) => {
  expect(reasons({ ...good, ...changed })).toEqual([expect.stringContaining(expected)]);
});

test.each(['update', 'delete', 'triggers', 'environment', 'assetPaths'])('%s is refused by name', (input) => {
  expect(reasons({ ...good, [input]: 'given' })).toEqual([
    expect.stringContaining(`doesn't serve ${input}; install the`),
  ]);
  expect(reasons({ ...good, [input]: null })).toEqual([]);
});

test.each(['password', 'privateKeyPassword', 'agentSocketPath', 'proxy', 'hostkey'])(
  'connection.%s is refused',
  (input) => {
    const given = { ...good, connection: secret({ ...connection, [input]: 'given' }) };
    expect(reasons(given)).toEqual([expect.stringContaining(`doesn't serve connection.${input}; install the`)]);
  },
);

test('a login without a key and the former output in the environment are refused', () => {
  expect(reasons({ ...good, connection: { host: 'a' } })).toEqual([expect.stringContaining('without privateKey')]);
  for (const value of [undefined, true, UNKNOWN]) {
    expect(reasons({ ...good, addPreviousOutputInEnv: value })).toEqual([expect.stringContaining('other than false')]);
  }
});

test('no failure names a property, so that the engine prints no value', () => {
  const { failures } = checkInputs({ ...good, connection: { ...connection, port: '22' } });
  expect(failures).toEqual([{ property: '', reason: expect.not.stringContaining('the-key') }]);
});
