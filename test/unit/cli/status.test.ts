import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { berth, berthHere, deployedProject, offNow, outputsOf } from './berth.ts';

/** A site that answers with a version, perhaps another after some requests */
async function site(versions: readonly string[]): Promise<string> {
  let asked = 0;
  const server: Server = createServer((request, response) => {
    if (request.url !== '/api/version' || !request.headers.host?.startsWith('basegun.localhost:'))
      response.statusCode = 404;
    response.end(JSON.stringify(versions[Math.min(asked++, versions.length - 1)]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://basegun.localhost:${(server.address() as AddressInfo).port}`;
}

async function status(url: string, ...args: string[]) {
  const { project, env } = deployedProject(outputsOf(url));
  return berthHere(['status', 'local', ...args], project, env);
}

test('what answers as declared is healthy', async () => {
  const url = await site(['3.3.0']);
  const { project, env } = deployedProject(outputsOf(url));
  const { code, stdout, stderr } = await berth(['status', 'local'], project, env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^SYSTEM +WHAT +NAME +STATE\nbasegun +version +3\.3\.0 on local +answers\n/);
  expect(stdout).toContain(`${url}  healthy: 200 from 127.0.0.1`);
  expect(stdout).toMatch(/machine +basegun-web-0 +web at 192\.0\.2\.16/);
  expect(stdout).toMatch(/dns +basegun\.localhost A 192\.0\.2\.16/);
});

test('another version, or nobody, ends with 1 and says why', async () => {
  const [other, nobody] = await Promise.all([status(await site(['3.2.9'])), status('http://basegun.localhost:9')]);
  expect([other.code, nobody.code]).toEqual([1, 1]);
  expect(other.stdout).toContain('UNHEALTHY: 3.2.9 answers, 3.3.0 is declared');
  expect(nobody.stdout).toContain('UNHEALTHY: 127.0.0.1:9: connection refused');
});

test('further names of a site are asked too: those that answer for the version, those that redirect for where to', async () => {
  const url = await site(['3.3.0']);
  const outputs = outputsOf(url);
  const names = { alsoAt: ['other.localhost'], redirectFrom: ['old.localhost'] };
  const systems = { basegun: { ...outputs.systems.basegun, ...names } };
  const { project, env } = deployedProject({ systems });
  const { code, stdout } = await berthHere(['status', 'local'], project, env);
  expect(code).toBe(1);
  // The server knows its own name alone
  expect(stdout).toContain('UNHEALTHY: at other.localhost it answers 404; at old.localhost it answers 404');
});

test('its JSON has the keys that --help promises', async () => {
  const url = await site(['3.2.9']);
  const { code, stdout } = await status(url, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    stack: 'local',
    healthy: false,
    systems: {
      basegun: {
        healthy: false,
        cloud: 'local',
        url,
        version: { declared: '3.3.0', answers: '3.2.9' },
        problems: ['3.2.9 answers, 3.3.0 is declared'],
        answered: { status: 200, address: '127.0.0.1', milliseconds: expect.any(Number) },
        machines: {
          'basegun-web-0': { role: 'web', publicAddress: '192.0.2.16', privateAddress: '192.0.2.16', ssh: 'closed' },
          'basegun-api-0': { role: 'api', publicAddress: '192.0.2.32', privateAddress: '192.0.2.32', ssh: 'closed' },
        },
        records: [{ name: 'basegun.localhost', type: 'A', value: '192.0.2.16', resolves: expect.any(Array) }],
      },
    },
  });
});

test('of a machine that somebody else made, it says what retires it', async () => {
  const retire =
    'ssh -p 22 debian@192.0.2.16 sudo /usr/bin/python3 -I /var/lib/berth/basegun/current/engine retire /var/lib/berth/basegun/current';
  const outputs = outputsOf(await site(['3.3.0']));
  Object.assign(outputs.systems.basegun.machines['basegun-web-0'], { retire });
  const { project, env } = deployedProject(outputs);
  const [table, json] = await Promise.all([
    berthHere(['status', 'local'], project, env),
    berthHere(['status', 'local', '--json'], project, env),
  ]);
  expect(table.stdout.split('\n').filter((line) => /^basegun +retire/.test(line))).toEqual([
    expect.stringMatching(new RegExp(`^basegun +retire +basegun-web-0 +${retire}$`)),
  ]);
  const { machines } = JSON.parse(json.stdout).systems.basegun;
  expect(machines['basegun-web-0'].retire).toBe(retire);
  expect(machines['basegun-api-0']).not.toHaveProperty('retire');
});

test('of a machine behind a bastion, the bastion is asked, and said to be', async () => {
  const outputs = outputsOf(await site(['3.3.0']));
  const proxy = { user: 'jump', address: '198.51.100.7', port: 22, hostKey: 'ssh-ed25519 AAAAgate' };
  const greeter = createTcpServer((socket) => socket.end('SSH-2.0-gate\r\n'));
  await new Promise<void>((resolve) => greeter.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void greeter.close());
  const near = { ...proxy, address: '127.0.0.1', port: (greeter.address() as AddressInfo).port };
  // The machine's own address answers nobody here
  const { machines } = outputs.systems.basegun;
  Object.assign(machines['basegun-web-0'].ssh, { address: '10.20.0.20', proxy: near });
  Object.assign(machines['basegun-api-0'].ssh, { proxy: { ...near, port: 9 } });
  const { project, env } = deployedProject(outputs);
  const [table, json] = await Promise.all([
    berthHere(['status', 'local'], project, env),
    berthHere(['status', 'local', '--json'], project, env),
  ]);
  expect(table.stdout).toMatch(/web at 192\.0\.2\.16, SSH of its bastion 127\.0\.0\.1 answers\n/);
  expect(table.stdout).toMatch(/api at 192\.0\.2\.32, SSH of its bastion 127\.0\.0\.1 does not answer this computer\n/);
  expect(JSON.parse(json.stdout).systems.basegun.machines).toMatchObject({
    'basegun-web-0': { ssh: 'answers', bastion: '127.0.0.1' },
    'basegun-api-0': { ssh: 'closed', bastion: '127.0.0.1' },
  });
});

test('a machine that is off by its schedule is said to be, and its site is neither asked nor unhealthy', async () => {
  const outputs = outputsOf('http://basegun.localhost:9');
  Object.assign(outputs.systems.basegun.machines['basegun-api-0'], { schedule: offNow() });
  const { project, env } = deployedProject(outputs);
  const [table, json] = await Promise.all([
    berthHere(['status', 'local', '--wait', '30'], project, env),
    berthHere(['status', 'local', '--json'], project, env),
  ]);
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout).toMatch(/url +http:\/\/basegun\.localhost:9 +not checked: a machine is off by its schedule\n/);
  expect(table.stdout).toMatch(/basegun-api-0 +api at 192\.0\.2\.32, off until \w{3} [\d-]+ 09:00 \(Etc\/UTC\)\n/);
  expect(table.stdout).toMatch(/basegun-web-0 +web at 192\.0\.2\.16, SSH does not answer/);
  const { healthy, problems, machines } = JSON.parse(json.stdout).systems.basegun;
  expect({ healthy, problems }).toEqual({ healthy: true, problems: [] });
  expect(machines['basegun-api-0'].off).toMatch(/^off until/);
  expect(machines['basegun-web-0']).not.toHaveProperty('off');
});

test('--wait asks until the declared version answers', async () => {
  const { code, stderr } = await status(await site(['3.2.9', '3.2.9', '3.3.0']), '--wait', '30');
  expect(code).toBe(0);
  expect(stderr).toBe('waiting: basegun: 3.2.9 answers, 3.3.0 is declared\n');
});

test('--wait gives up when the time is over', async () => {
  const { code, stdout } = await status(await site(['3.2.9']), '--wait', '0.5');
  expect(code).toBe(1);
  expect(stdout).toContain('UNHEALTHY');
});

test('a stack without a deployment, or with one of another kind, says what to do', () => {
  expect(() => parsedSystems({}, 'prod')).toThrow('stack prod has no deployed system: run pulumi up');
  expect(() => parsedSystems({ systems: { basegun: { cloud: 'local' } } }, 'prod')).toThrow(
    /systems\.basegun\.version: .*: run pulumi up$/,
  );
});
