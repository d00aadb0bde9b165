import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCompose } from '../../../../src/cli/new/compose/files.ts';
import {
  environmentOf,
  megabytesOf,
  portsOf,
  secondsOf,
  volumesOf,
  wordsOf,
} from '../../../../src/cli/new/compose/forms.ts';
import { sourceOf } from '../../../../src/cli/new/compose/service.ts';
import { interpolated, unknownIn, unknownVariable, variablesFile } from '../../../../src/cli/new/compose/variables.ts';

const none = () => undefined;
const service = (text: string, name = 'app', read: (path: string) => string | undefined = none, variables = {}) => {
  const found = readCompose([{ text, file: 'compose.yml' }], read, variables).services.find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

describe('variables have the values that Compose gives them', () => {
  const variables = { SET: 'value', EMPTY: '' };
  test.each([
    [`$SET and \${SET}`, 'value and value'],
    [`\${EMPTY:-default}`, 'default'],
    [`\${EMPTY-default}`, ''],
    [`\${UNSET-default}`, 'default'],
    [`\${UNSET:-\${SET}}`, 'value'],
    [`\${UNSET:-a\${ALSO:-b}}c`, 'abc'],
    [`\${SET:+other}`, 'other'],
    [`\${EMPTY:+other}`, ''],
    [`\${EMPTY+other}`, 'other'],
    [`\${UNSET+other}`, ''],
    [`\${SET:?is needed}`, 'value'],
    [`$$SET, $\${SET} and $`, `$SET, \${SET} and $`],
  ])('%s', (text, expected) => expect(interpolated(text, variables)).toBe(expected));

  test('one without a value is known by its name, not lost', () => {
    expect(unknownIn(interpolated(`a \${UNSET} b $ALSO \${NEEDED:?because}`, {}))).toEqual(['UNSET', 'ALSO', 'NEEDED']);
  });

  test('a text without a dollar stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => interpolated(text.replaceAll('$', ''), variables) === text.replaceAll('$', ''),
      ),
    );
  });

  test('a file of variables has comments, quotes and exports', () => {
    expect(variablesFile('# a\nA=1\nexport B="two # 2"\nC=three # 3\n\nD=\'\'\n')).toEqual({
      A: '1',
      B: 'two # 2',
      C: 'three',
      D: '',
    });
  });
});

describe('short and long forms say the same', () => {
  test.each([
    ['8080:80', { target: 80, published: 8080, protocol: 'tcp', loopback: false }],
    ['80', { target: 80, protocol: 'tcp', loopback: false }],
    ['127.0.0.1:8080:80', { target: 80, published: 8080, protocol: 'tcp', loopback: true }],
    ['53:53/udp', { target: 53, published: 53, protocol: 'udp', loopback: false }],
    ['[::1]:8080:80', { target: 80, published: 8080, protocol: 'tcp', loopback: true }],
    ['0.0.0.0::80', { target: 80, protocol: 'tcp', loopback: false }],
  ])('port %s', (text, port) => expect(portsOf([text])).toEqual([[port]]));

  test('a range of ports is each of them', () => {
    expect(portsOf(['3000-3002:8000-8002'])[0]?.map(({ published, target }) => [published, target])).toEqual([
      [3000, 8000],
      [3001, 8001],
      [3002, 8002],
    ]);
  });

  test('a port in its long form', () => {
    const long = { target: 80, published: '8080', host_ip: '127.0.0.1', protocol: 'tcp' };
    expect(portsOf([long])).toEqual(portsOf(['127.0.0.1:8080:80']));
  });

  test.each([
    ['data:/var/data', { kind: 'volume', source: 'data', target: '/var/data', readOnly: false }],
    ['./conf:/etc/conf:ro,z', { kind: 'bind', source: './conf', target: '/etc/conf', readOnly: true }],
    ['/anonymous', { kind: 'volume', source: '', target: '/anonymous', readOnly: false }],
  ])('volume %s', (text, volume) => expect(volumesOf([text])).toEqual([volume]));

  test('variables by a block and by a list', () => {
    expect(environmentOf(['A=1', 'B=x=y', 'C'])).toEqual(environmentOf({ A: 1, B: 'x=y', C: null }));
    expect(environmentOf(['C'])).toEqual({ C: unknownVariable('C') });
  });

  test.each([
    [`sh -c "echo 'a b' && run"`, ['sh', '-c', "echo 'a b' && run"]],
    ["run --name='two words' plain\\ space", ['run', '--name=two words', 'plain space']],
    [
      ['as', 'it is'],
      ['as', 'it is'],
    ],
  ])('command %j', (given, words) => expect(wordsOf(given)).toEqual(words));

  test.each([
    ['512m', 512],
    ['1.5GB', 1536],
    ['2g', 2048],
    ['768M', 768],
    [undefined, undefined],
  ])('size %s', (text, megabytes) => expect(megabytesOf(text)).toBe(megabytes));

  test.each([
    ['1m30s', 90],
    ['500ms', 1],
    ['10', 10],
    ['soon', undefined],
  ])('duration %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));

  test('health checks, limits and dependencies', () => {
    const of = (text: string) => sourceOf(service(`services:\n  app:\n    image: a:1.0.0\n${text}`), {});
    const shell = of(
      '    healthcheck: { test: curl -f http://localhost/up, interval: 10s, retries: 9, start_period: 1m }\n',
    );
    expect(shell.health).toEqual({ command: ['sh', '-c', 'curl -f http://localhost/up'], deadlineSeconds: 150 });
    expect(of('    healthcheck: { test: [CMD, check] }\n').health?.command).toEqual(['check']);
    expect(of('    healthcheck: { test: [NONE] }\n').health).toBeUndefined();
    expect(of('    healthcheck: { disable: true, test: [CMD, check] }\n').health).toBeUndefined();
    expect(of('    mem_limit: 300m\n    cpus: 0.5\n')).toMatchObject({ memoryMb: 300, cpus: 0.5 });
    expect(of('    deploy: { resources: { limits: { memory: 1G, cpus: "2" } } }\n')).toMatchObject({
      memoryMb: 1024,
      cpus: 2,
    });
    expect(of('    depends_on: [a, b]\n').dependsOn).toEqual({ a: 'service_started', b: 'service_started' });
    expect(of('    depends_on: { a: { condition: service_healthy } }\n').dependsOn).toEqual({ a: 'service_healthy' });
  });
});

describe('services are put together as Compose does', () => {
  test('anchors and merge keys', () => {
    const text =
      'x-base: &base\n  image: a:1.0.0\n  environment: &env { A: 1 }\nservices:\n  app:\n    <<: *base\n    environment: { <<: *env, B: 2 }\n';
    expect(service(text).data).toMatchObject({ image: 'a:1.0.0', environment: { A: 1, B: 2 } });
  });

  test('extends: blocks merge, lists join, commands are replaced, !reset takes away; of another file as well', () => {
    const base =
      'services:\n  base:\n    image: a:1.0.0\n    command: one\n    ports: ["80:80"]\n    profiles: [x]\n    environment: { A: 1 }\n';
    const own =
      'services:\n  app:\n    extends: { file: common/base.yml, service: base }\n    command: two\n    ports: ["81:81"]\n    profiles: !reset []\n    environment: { B: 2 }\n';
    const found = service(own, 'app', (path) => (path === 'common/base.yml' ? base : undefined));
    expect(found.data).toEqual({
      image: 'a:1.0.0',
      command: 'two',
      ports: ['80:80', '81:81'],
      environment: { A: 1, B: 2 },
    });
    expect(found.at('image')).toEqual({ file: 'common/base.yml', line: 3 });
    expect(found.at('command')).toEqual({ file: 'compose.yml', line: 4 });
  });

  test('what extends itself, or what is not there, is refused with its line', () => {
    const round = 'services:\n  app:\n    extends: { service: other }\n  other:\n    extends: { service: app }\n';
    expect(() => service(round)).toThrow(/compose\.yml:\d: .*extends itself/);
    expect(() => service('services:\n  app:\n    extends: { service: none }\n')).toThrow(
      'compose.yml:3: app extends a service that is not there: none',
    );
  });

  describe('several files and include', () => {
    /** Reads files by their names, the first ones as they are given on the command line */
    const readFiles = (given: readonly string[], all: Readonly<Record<string, string>>, variables = {}) =>
      readCompose(
        given.map((file) => ({ file, text: all[file] ?? '' })),
        (path) => all[path],
        variables,
      );

    test('each file comes over those before it: lists join, variables and mounts by their names, !override takes the place', () => {
      const base =
        'services:\n  app:\n    image: a:1.0.0\n    environment: [A=1, B=1]\n    volumes: ["one:/data", "keep:/keep"]\n    ports: ["80:80"]\n    expose: [1]\n    restart: always\n';
      const above =
        'services:\n  app:\n    image: a:2.0.0\n    environment: { B: 2 }\n    volumes: ["two:/data"]\n    ports: !override ["81:81"]\n    expose: [2]\n    restart: !reset null\n  more:\n    image: b:1.0.0\n';
      const found = readFiles(['a.yml', 'b.yml'], { 'a.yml': base, 'b.yml': above });
      expect(found.services.map(({ name }) => name)).toEqual(['app', 'more']);
      const [app] = found.services;
      expect(app?.data).toEqual({
        image: 'a:2.0.0',
        environment: { A: '1', B: 2 },
        volumes: ['two:/data', 'keep:/keep'],
        ports: ['81:81'],
        expose: [1, 2],
      });
      expect([app?.at('image'), app?.at('absent')]).toEqual([
        { file: 'b.yml', line: 3 },
        { file: 'a.yml', line: 2 },
      ]);
    });

    test('what is included has its paths from its own folder, and its own variables below those of the project', () => {
      const all = {
        'compose.yml': 'include:\n  - db/compose.yml\nservices:\n  app: { image: "a:1.0.0" }\n',
        'db/compose.yml': `services:\n  db:\n    build: .\n    image: "d:\${TAG}-\${KIND}"\n    env_file: [db.env]\n    volumes: ["./data:/data", "named:/named"]\nsecrets:\n  key: { file: ./key }\n`,
        'db/.env': 'TAG=1.0.0\nKIND=small\n',
      };
      const found = readFiles(['compose.yml'], all, { KIND: 'large' });
      const db = found.services.find(({ name }) => name === 'db');
      expect(db?.data).toEqual({
        build: './db',
        image: 'd:1.0.0-large',
        env_file: ['./db/db.env'],
        volumes: ['./db/data:/data', 'named:/named'],
      });
      expect(db?.at('image')).toEqual({ file: 'db/compose.yml', line: 4 });
      expect(found.secrets).toEqual(['key']);
    });

    test('an entry of several files, each over the former, in a folder that it names', () => {
      const all = {
        'compose.yml': 'include:\n  - path: [x/a.yml, x/b.yml]\n    project_directory: .\n    env_file: x/own.env\n',
        'x/a.yml': `services:\n  app: { image: "a:\${TAG}", build: here }\n`,
        'x/b.yml': 'services:\n  app: { command: two }\n',
        'x/own.env': 'TAG=3.0.0\n',
      };
      const [app] = readFiles(['compose.yml'], all).services;
      expect(app?.data).toEqual({ image: 'a:3.0.0', build: 'here', command: 'two' });
    });

    test.each([
      [
        'a file that is not there',
        'include: [none.yml]\n',
        {},
        'compose.yml:1: includes a file that is not there: none.yml',
      ],
      ['itself', 'include: [compose.yml]\n', {}, 'compose.yml:1: compose.yml includes itself'],
      [
        'a service of the same name',
        'services:\n  app: { image: "a:1.0.0" }\ninclude: [more.yml]\n',
        { 'more.yml': 'services:\n  app: { image: "b:1.0.0" }\n' },
        'compose.yml:3: includes a service app, which is there already',
      ],
    ])('an include of %s is refused with its line', (_what, text, more, words) => {
      expect(() => readFiles(['compose.yml'], { 'compose.yml': text, ...more })).toThrow(words);
    });
  });

  test('a file that is no YAML, or without services, is refused with its line', () => {
    expect(() => service('services:\n  app: [\n')).toThrow(/compose\.yml:\d: is no YAML/);
    expect(() => service('version: "3"\n')).toThrow('compose.yml:1: has no services');
  });

  test('each value has its line', () => {
    const { at } = service('services:\n  app:\n    image: a:1.0.0\n    volumes:\n      - a:/a\n      - b:/b\n');
    expect([at('image').line, at('volumes', 1).line, at('absent').line]).toEqual([3, 6, 2]);
  });
});
