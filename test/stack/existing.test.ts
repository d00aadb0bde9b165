import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { beforeAll, expect, test } from 'vitest';
import { type DeclaredResource, deployKey, runProgram, sealed } from './program.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const secretTexts = {
  uploadsAccessKey: 'the-access-key',
  uploadsSecretKey: 'the-secret-key',
  appPassword: 'the-password',
};

const config = (own: object = {}) => ({
  'berth:operators': { networks: ['198.51.100.0/24'], sshPublicKeys: [`${publicKey} ada`] },
  'berth:clouds': {
    existing: {
      buckets: { uploads: { endpoint: 'https://s3.example.org', region: 'gra', bucket: 'basegun-uploads' } },
      logStreams: { app: { host: 'logs.example.org', username: 'shipper' } },
    },
  },
  'berth:systems': {
    basegun: {
      ...{
        cloud: 'existing',
        version: '3.3.0',
        domain: 'basegun.example.org',
        tls: 'acme',
        contact: 'ops@example.org',
      },
      web: { hosts: [{ address: '203.0.113.20', port: 2222, user: 'debian', hostKey: publicKey, keepOpen: [8080] }] },
      ...own,
    },
  },
  'berth:secrets': {
    deployKey,
    ...Object.fromEntries(Object.entries(secretTexts).map(([name, value]) => [`basegun/${name}`, value])),
  },
});

const run = (stack: Record<string, unknown>) => runProgram('preprod', stack);
const named = (declared: readonly DeclaredResource[], name: string): DeclaredResource =>
  declared.find((resource) => resource.name === name) as DeclaredResource;
const waitsFor = ({ options }: DeclaredResource): (string | undefined)[] =>
  options.dependsOn.map((urn) => urn.split('::').at(-1));
/** What a command gets on standard input, by path */
const received = ({ inputs }: DeclaredResource): Record<string, string> => {
  const [, body = ''] = String(sealed(inputs.stdin)).split('\n');
  return Object.fromEntries(parseTar(gunzipSync(Buffer.from(body, 'base64'))).map(({ name, text }) => [name, text]));
};

let declared: readonly DeclaredResource[];
let systems: Awaited<ReturnType<typeof runProgram>>['systems'];

beforeAll(async () => {
  ({ declared, systems } = await run(config()));
});

test('nothing is made: a machine that exists has two remote commands, and leaves without either being undone', () => {
  expect(declared.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    'berth:index:System basegun',
    'command:remote:Command basegun-web-0-ready',
    'command:remote:Command basegun-web-0-release',
  ]);
  for (const { inputs } of declared) expect(inputs).not.toHaveProperty('delete');
});

test('both log in pinned to the host key of the file, and neither waits for a boot', () => {
  for (const name of ['basegun-web-0-ready', 'basegun-web-0-release'])
    expect(sealed(named(declared, name).inputs.connection)).toMatchObject({
      ...{ host: '203.0.113.20', port: 2222, user: 'debian', hostKey: publicKey },
      ...{ dialErrorLimit: 5, perDialTimeout: 5 },
    });
});

test('the look at it arrives as secret input, holds no secret of the system, and runs again where another machine answers', () => {
  const ready = named(declared, 'basegun-web-0-ready');
  expect(ready.options.ignoreChanges).toEqual([]);
  const texts = JSON.stringify(received(ready));
  for (const secret of [...Object.values(secretTexts), deployKey.split('\n')[2]]) {
    expect(texts).not.toContain(secret);
    expect(String(ready.inputs.create)).not.toContain(secret);
  }
  expect(received(ready).ports).toBe('tcp 80\ntcp 443\ntcp 2222\ntcp 8080\nudp 8080\n');
});

test('the release follows at once: its login proves the very rules that are on trial', () => {
  const release = named(declared, 'basegun-web-0-release');
  expect(waitsFor(release)).toContain('basegun-web-0-ready');
  const rules = received(release)['files/etc/berth/firewall.nft.conf'];
  expect(rules).toContain('tcp dport 2222 accept');
  expect(received(named(declared, 'basegun-web-0-ready'))['firewall.nft.conf']).toBe(rules);
});

test('behind a bastion it is reached by way of that alone: pinned too, let in by the firewall, told in the outputs', async () => {
  const bastion = { address: '198.51.100.7', user: 'jump', hostKey: `${publicKey} gate` };
  const host = { address: '10.20.0.20', port: 2222, user: 'debian', hostKey: publicKey };
  const web = (proxy: object) => ({ web: { hosts: [{ ...host, proxy: { ...bastion, ...proxy } }] } });
  const behind = await run(config(web({ privateAddress: '10.20.0.7' })));
  for (const name of ['basegun-web-0-ready', 'basegun-web-0-release'])
    expect(sealed(named(behind.declared, name).inputs.connection)).toMatchObject({
      ...{ host: '10.20.0.20', port: 2222, user: 'debian', hostKey: publicKey, dialErrorLimit: 0 },
      proxy: { host: '198.51.100.7', port: 22, user: 'jump', hostKey: `${publicKey} gate`, dialErrorLimit: 5 },
    });
  const rules = received(named(behind.declared, 'basegun-web-0-release'))['files/etc/berth/firewall.nft.conf'];
  expect(rules).toContain('ip saddr { 198.51.100.0/24 } tcp dport 2222 accept');
  expect(rules).toContain('ip saddr { 10.20.0.7/32 } tcp dport 2222 accept');
  expect(behind.systems.value).toMatchObject({
    basegun: {
      machines: {
        'basegun-web-0': {
          publicAddress: '10.20.0.20',
          ssh: { ...host, proxy: { ...bastion, port: 22 } },
          retire:
            'ssh -J jump@198.51.100.7:22 -p 2222 debian@10.20.0.20 sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current',
        },
      },
    },
  });
  const elsewhere = await run(config(web({})));
  expect(received(named(elsewhere.declared, 'basegun-web-0-ready'))['firewall.nft.conf']).toContain(
    'ip saddr { 198.51.100.7/32 } tcp dport 2222 accept',
  );
});

test('of two machines, the second is looked at when the release of the first is live: a trial lasts two minutes', async () => {
  const host = { user: 'debian', hostKey: publicKey };
  const at = (last: number) => ({ ...host, address: `203.0.113.${last}`, privateAddress: `10.20.0.${last}` });
  const hosts = [at(20), at(21)];
  const entry = {
    ...{ cloud: 'existing', version: '1.0.0', contact: 'ops@example.org' },
    ...{ domains: { api: 'api.mad.example.org', web: 'mad.example.org' } },
    api: { hosts },
    ...Object.fromEntries(
      ['balancer', 'web', 'client', 'front', 'redis'].map((role, index) => [role, { hosts: [at(30 + index)] }]),
    ),
  };
  const { 'berth:systems': _, 'berth:clouds': __, 'berth:secrets': ___, ...rest } = config();
  const stack = {
    ...rest,
    'berth:systems': { mad: entry },
    'berth:secrets': { deployKey, 'mad/redisPassword': 'sixteenLetters16' },
  };
  const mad = await run(stack);
  const second = named(mad.declared, 'mad-api-1-ready');
  expect(waitsFor(second)).toContain('mad-api-0-release');
});

test('a new version changes the release alone, and what is kept open the look at the machine too', async () => {
  const stdin = (list: readonly DeclaredResource[], name: string) => sealed(named(list, name).inputs.stdin);
  const newer = (await run(config({ version: '3.3.1' }))).declared;
  expect(stdin(newer, 'basegun-web-0-ready')).toBe(stdin(declared, 'basegun-web-0-ready'));
  expect(stdin(newer, 'basegun-web-0-release')).not.toBe(stdin(declared, 'basegun-web-0-release'));
  const host = { address: '203.0.113.20', port: 2222, user: 'debian', hostKey: publicKey, keepOpen: [8080, 9090] };
  const wider = (await run(config({ web: { hosts: [host] } }))).declared;
  expect(stdin(wider, 'basegun-web-0-ready')).not.toBe(stdin(declared, 'basegun-web-0-ready'));
});

test('the outputs say how to retire it, and hold no secret', () => {
  expect(systems.secret).toBe(false);
  expect(systems.value).toMatchObject({
    basegun: {
      machines: {
        'basegun-web-0': {
          publicAddress: '203.0.113.20',
          retire:
            'ssh -p 2222 debian@203.0.113.20 sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current',
        },
      },
      buckets: { uploads: { endpoint: 'https://s3.example.org', bucket: 'basegun-uploads' } },
      logs: { app: { host: 'logs.example.org', port: '9200' } },
    },
  });
});
