import { expect, test } from 'vitest';
import { ownVariableProblems } from '../../../src/config/ownVariables.ts';
import { read, stackOf } from '../../stack/samples.ts';
import { blueprint, container, role, source, supervised } from '../render/fixtures.ts';

const one = (services: Parameters<typeof role>[0]) => blueprint({ roles: { web: role(services) } });

test('a variable that a system sets itself is refused where the file has it, whatever the option is called', () => {
  const settings = { LOG_LEVEL: 'debug', PORT: '80', HOME: '/' };
  const made = one({ services: [container({ env: { PORT: '8080', HOME: '/tmp' }, settings })] });
  expect(ownVariableProblems(made, { domain: 'shop.test', env: { shop: settings, other: { PORT: '1' } } })).toEqual([
    expect.objectContaining({
      path: 'berth:systems.shop.env.shop',
      message: 'sets PORT, HOME, which the system sets itself',
    }),
  ]);
});

test('another service may have the same name of its own', () => {
  const settings = { PORT: '80' };
  const services = [container({ settings }), container({ name: 'other', env: { PORT: '8080' } })];
  expect(ownVariableProblems(one({ services }), { env: settings })).toEqual([]);
});

test('processes of one source are told apart from nobody: what one is told, where it listens, what is compiled in', () => {
  const given = { LISTEN: '1', MODE: 'test', ORIGIN: 'x', OTHER: 'y' };
  const other = supervised({ name: 'other', env: { ORIGIN: 'https://shop.test' }, source });
  const files = supervised({ portVariable: 'LISTEN', secretFiles: { ORIGIN: { secret: 'ownCa' } }, settings: given });
  const options = { env: given, secretFiles: { ORIGIN: { secret: 'ownCa' } } };
  const problems = ownVariableProblems(one({ services: [files, other] }), options);
  expect(problems.map(({ path, message }) => [path, message])).toEqual([
    ['berth:systems.shop.env', 'sets LISTEN, MODE, ORIGIN, which the system sets itself'],
    ['berth:systems.shop.secretFiles', 'sets ORIGIN, which the system sets itself'],
  ]);
});

test('files of the file are found beside those that the system adds', () => {
  const given = { ORIGIN: { secret: 'ownCa' } };
  const secretFiles = { ...given, PGSSLROOTCERT: { secret: 'authority' } };
  const made = one({ services: [supervised({ env: { ORIGIN: 'https://shop.test' }, secretFiles })] });
  expect(ownVariableProblems(made, { secretFiles: given })).toEqual([
    expect.objectContaining({
      path: 'berth:systems.shop.secretFiles',
      message: expect.stringContaining('sets ORIGIN'),
    }),
  ]);
});

test.each([
  ['basegun', ['PATH_LOGS', 'S3_BUCKET_NAME']],
  ['lostops', ['DB_HOST', 'APP_KEY', 'APACHE_RUN_DIR']],
  ['catalogage', ['APP_DATABASE_URL', 'APP_PORT', 'VITE_API_BROWSER_URL']],
] as const)('%s refuses what it sets itself', (system, names) => {
  const env = Object.fromEntries(names.map((name) => [name, 'x']));
  const stack = stackOf(system, 'local', {}, { env });
  expect(() => read(stack, 'preprod')).toThrow(`berth:systems.${system}.env\n    sets ${names.join(', ')}, which`);
});
