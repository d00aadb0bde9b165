import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { berthHere, put, temporaryFolder } from '../berth.ts';

const localFile =
  'config:\n  berth:operators: { networks: [127.0.0.0/8], sshPublicKeys: [] }\n  berth:systems:\n    a:\n      cloud: local\n';

function project(): string {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: product\n');
  put(folder, 'Pulumi.local.yaml', localFile);
  return folder;
}

const compose =
  'services:\n  web:\n    image: acme/web:1.2.3\n    ports: ["80:8000"]\n    environment: { API_KEY: hunter2hunter2 }\n';

test('writes the system, its test, its page and its entry, and says what comes next', async () => {
  const folder = project();
  put(folder, 'docker-compose.yml', compose);
  const { code, stdout, stderr } = await berthHere(
    ['new', 'shop', '--compose', 'docker-compose.yml', '--health', '/up'],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const path of ['system.ts', 'README.md', 'test/unit/system.test.ts']) {
    expect(stdout).toContain(`wrote systems/shop/${path}`);
    expect(readFileSync(join(folder, 'systems/shop', path), 'utf8')).not.toContain('hunter2');
  }
  const { config } = parse(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop).toMatchObject({ cloud: 'local', version: '1.2.3', domain: 'shop.localhost' });
  expect(stdout).toContain('$ npx berth local shop');
  expect(stdout).toContain('its secrets: apiKey');
  const again = await berthHere(['new', 'shop', '--compose', 'docker-compose.yml'], folder);
  expect(again).toMatchObject({ code: 1, stderr: 'systems/shop is there already: nothing was written\n' });
});

test('of several Compose files the later come over the former', async () => {
  const folder = project();
  put(folder, 'compose.yml', compose);
  put(
    folder,
    'compose.prod.yml',
    'services:\n  web:\n    image: acme/web:2.0.0\n    environment: { MODE: production }\n',
  );
  const files = ['--compose', 'compose.yml', '--compose', 'compose.prod.yml'];
  const { code, stderr } = await berthHere(['new', 'shop', ...files, '--health', '/up'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const system = readFileSync(join(folder, 'systems/shop/system.ts'), 'utf8');
  expect(system).toMatch(/MODE: 'production'/);
  expect(system).toContain('compose.yml, compose.prod.yml');
  const { config } = parse(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop.version).toBe('2.0.0');
});

test('what is refused leaves nothing behind', async () => {
  const folder = project();
  put(folder, 'compose.yml', compose.replace('1.2.3', 'latest'));
  const { code, stderr } = await berthHere(['new', 'shop', '--compose', 'compose.yml'], folder);
  expect(code).toBe(1);
  expect(stderr).toContain("compose.yml:3: web's image acme/web:latest moves");
  expect(readdirSync(folder).sort()).toEqual(['Pulumi.local.yaml', 'Pulumi.yaml', 'compose.yml']);
  expect(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8')).toBe(localFile);
});

test('a folder in which berth is installed becomes a project', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules', 'berth'), { recursive: true });
  const { code, stderr } = await berthHere(
    ['new', 'wiki', '--image', 'ghcr.io/acme/wiki:1.4.2', '--port', '80'],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(parse(readFileSync(join(folder, 'Pulumi.yaml'), 'utf8')).main).toBe('node_modules/berth/src/start/program.js');
  expect(existsSync(join(folder, 'vitest.config.ts'))).toBe(true);
});

test('a git repository is taken over by its Compose file, or by its Dockerfile', async () => {
  const [origin, folder] = [temporaryFolder(), project()];
  put(origin, 'Dockerfile', 'FROM scratch\nEXPOSE 8000\n');
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', origin, '-c', 'user.name=a', '-c', 'user.email=a@b.test', ...words]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  const built = await berthHere(['new', 'one', '--git', `file://${origin}`], folder);
  expect(built.stdout).toContain(`$ docker build -t one.test/app:1.0.0 file://${origin}`);
  put(origin, 'compose.yaml', compose);
  git('add', '.');
  git('commit', '--quiet', '--message', 'second');
  const taken = await berthHere(['new', 'two', '--git', `file://${origin}`], folder);
  expect(taken.stderr).toBe('');
  expect(readFileSync(join(folder, 'systems/two/system.ts'), 'utf8')).toContain('docker.io/acme/web:$' + '{version}');
  const none = await berthHere(['new', 'three', '--git', `file://${folder}`], folder);
  expect(none).toMatchObject({ code: 1 });
  expect(none.stderr).toContain('can not be cloned');
});

test.each([
  [['Shop', '--image', 'a:1.0.0'], 'Shop is no name of a system'],
  [['shop'], 'there is nothing to make a system from'],
  [['shop', '--compose', 'gone.yml'], 'gone.yml is not there'],
  [['shop', '--image', 'a:1.0.0', '--port', '80', '--pin', 'x'], '--pin x: write a service and a tag'],
])('a mistake is said in one line: %j', async (words, message) => {
  const { code, stderr } = await berthHere(['new', ...words], project());
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toContain(message);
});
