import { systems } from 'berth:systems';
import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { passwordLinesFlaw } from '../../../src/model/passwordLines.ts';
import { read, stackOf } from '../../stack/samples.ts';

/** As `htpasswd -nB` prints it: 22 signs of salt and 31 of the hash */
const hash = `$2y$05$${'a1./'.repeat(14).slice(0, 53)}`;

test.each([
  ['one', `ada:${hash}`],
  ['one, with the line end that htpasswd prints', `ada:${hash}\n\n`],
  ['two', `ada:${hash}\ngrace.hopper:${hash.replace('$2y$', '$2b$')}\n`],
  ['with the line ends of Windows', `ada:${hash}\r\ngrace:${hash}\r\n`],
])('%s can log in', (_, text) => {
  expect(passwordLinesFlaw(text)).toBeUndefined();
});

test.each([
  ['a dollar doubled for compose', `ada:${hash.replaceAll('$', '$$$$')}`, 'line 1 has $$ where'],
  ['plain text', 'ada:hunter2', 'line 1 has no bcrypt hash'],
  ['an MD5 hash', 'ada:$apr1$hunter2$GVYkLqJGmHZIzHV7LQYfd1', 'line 1 has no bcrypt hash'],
  ['a part of a hash', `ada:${hash.slice(0, -1)}`, 'line 1 has no bcrypt hash'],
  ['a password alone', 'hunter2', 'line 1 has no colon'],
  ['two on a line', `ada:${hash} grace:${hash}`, 'line 1 contains a space'],
  ['two on a line, with a comma', `ada:${hash},grace:${hash}`, 'line 1 has more than one colon'],
  ['no name', `:${hash}`, 'line 1 has no bcrypt hash'],
  ['an empty line between', `ada:${hash}\n\ngrace:${hash}`, 'line 2 is empty'],
  ['a name twice', `ada:${hash}\nada:${hash}`, 'names the same user twice, the second time on line 2'],
])('%s lets nobody in, which is said without the text', (_, text, message) => {
  const flaw = passwordLinesFlaw(text);
  expect(flaw?.message).toContain(message);
  expect(JSON.stringify(flaw)).not.toMatch(/hunter2|a1\.\//);
});

test('a deployment is refused for it, whichever cloud it is for; an encrypted text is left to the engine', () => {
  const { config } = stackOf('lostops', 'azure');
  const load = (monitoringUsers: unknown) =>
    loadEnvironment(
      {
        stack: 'preprod',
        source: 'Pulumi.preprod.yaml',
        config: { ...config, 'berth:secrets': { 'lostops/monitoringUsers': monitoringUsers } },
      },
      systems,
      clouds,
      { secrets: 'names' },
    );
  expect(() => load('ada:hunter2')).toThrow(
    /berth:secrets\["lostops\/monitoringUsers"\][\s\S]*line 1 has no bcrypt hash[\s\S]*htpasswd -nB/,
  );
  expect(load({ secure: 'v1:abc' }).environment.name).toBe('preprod');
  expect(read(stackOf('lostops', 'azure'), 'preprod').environment.name).toBe('preprod');
});
