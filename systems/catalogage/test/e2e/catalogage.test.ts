import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peer } from '../../../../test/e2e/bare/peer.ts';
import { eventually, plain } from '../../../../test/e2e/client.ts';
import { drift } from '../../../../test/e2e/drift.ts';
import { leftOf, releaseUrn, secretTexts, whereSecretsCouldBe } from '../../../../test/e2e/inspect.ts';
import { networkOf, openPorts } from '../../../../test/e2e/reach.ts';
import { inMachine, type Run } from '../../../../test/e2e/stack.ts';
import { migrations } from './scene/migrations.ts';
import { proxied } from './scene/proxied.ts';
import { makeScene, type Scene } from './scene/scene.ts';
import { versionIn, visits } from './scene/visits.ts';

let scene: Scene;
const machine = (script: string): Promise<string> => inMachine(scene.stack, script);

beforeAll(async () => {
  scene = await makeScene();
});

afterAll(async () => {
  scene?.site.close();
  await scene?.remove();
});

describe('a proxy that opens what passes', () => proxied(() => scene));

const page = async (): Promise<string> => (await scene.site.get('/')).body;
const serving = async (): Promise<(string | undefined)[]> => [
  versionIn(await page()),
  versionIn((await scene.site.get('/api/version')).body),
];

/** Everything that a release could have touched */
const hostState = (): Promise<string> =>
  machine(`readlink /var/lib/berth/catalogage/current; supervisorctl status | sed 's/uptime.*//'; pgrep -x nginx | head -1
    stat -c '%n %Y %i' /var/lib/berth/catalogage/edge/routes.conf /etc/supervisor/conf.d/*.conf /srv/berth/catalogage/builds/*`);

async function release(ref: string): Promise<Run> {
  await scene.stack.configure({ ref });
  return scene.stack.up();
}

test('pages and API answer over HTTPS with a certificate of the authority, from the database', async () => {
  const { status, body, headers } = await scene.site.get('/');
  expect({ status, body }).toMatchObject({ status: 200, body: expect.stringContaining('<li>Lighthouses</li>') });
  expect(body).toContain('data-api="/api"');
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=63072000',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  });
  expect(headers.server).toBe('nginx');
  expect(JSON.parse((await scene.site.get('/api/datasets/')).body)).toHaveLength(2);
  expect(await scene.site.get('/.well-known/version')).toMatchObject({ status: 200, body: '1.0.0' });
  expect(await scene.site.get('/favicon.ico')).toMatchObject({ status: 200 });
  expect(await plain(scene.address, '/somewhere')).toMatchObject({
    status: 301,
    headers: { location: 'https://catalogage.localhost/somewhere' },
  });
});

test('the API sees its visitor, who cannot say that he is another', async () => {
  const who = await scene.site.get('/api/who');
  expect(JSON.parse(who.body)).toMatchObject({ visitor: expect.stringMatching(/\.1$/), scheme: 'https' });
});

test('each program runs as a user of its own without rights, and listens on loopback alone', async () => {
  const users = await machine('ps -eo user:32,args | grep -E "build$|server.main$" | grep -v grep');
  expect(users).toMatch(/^catalogage-client +node \.\/build$/m);
  expect(users).toMatch(/^catalogage-server +\S+python -m server\.main$/m);
  const status = await machine('cat /proc/$(pgrep -f "^node ./build")/status');
  expect(status).toMatch(/NoNewPrivs:\s+1/);
  expect(status).toMatch(/CapBnd:\s+0+$/m);
  const listening = await machine("ss -Hltn | awk '{ print $4 }' | sort -u");
  const toAll = listening.split('\n').filter((line) => line !== '' && !/^(127\.|\[::1\])/.test(line));
  expect(toAll.filter((line) => !/:(22|80|443)$/.test(line))).toEqual([]);
  // Who runs a build may not change it
  await expect(
    machine('su -s /bin/bash catalogage-server -c "touch /srv/berth/catalogage/builds/*/server/main.py"'),
  ).rejects.toThrow(/denied/);
});

test('the server finds its secret file by the variable, and reads it alone', async () => {
  const variable = "tr '\\0' '\\n' </proc/$(pgrep -f server.main | head -1)/environ | sed -n 's/^APP_CA_FILE=//p'";
  const file = (await machine(variable)).trim();
  expect(await machine(`stat -c '%a %U' ${file}; cat ${file}`)).toBe(`400 catalogage-server\n${scene.ownCa}`);
  await expect(machine(`su -s /bin/bash catalogage-client -c 'cat ${file}'`)).rejects.toThrow(/denied/);
});

test('the machine has no container engine, and the commit of a tag is said', async () => {
  expect(await machine('command -v docker || echo none')).toBe('none\n');
  const [commit] = (await machine('cat /srv/berth/catalogage/builds/*.commit')).split('\n');
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  expect(await machine('journalctl -t berth --no-pager')).toContain(`1.0.0 is commit ${commit}`);
});

test('no secret is in outputs, state, process lists, the journal or readable files', async () => {
  // It arrives in the bundle, which is secret as a whole
  const secrets = [...(await secretTexts(scene.stack)), scene.password, scene.ownCa];
  expect(await machine('cat /etc/berth/catalogage/server/*/start')).toContain(scene.password);
  for (const [place, content] of Object.entries(await whereSecretsCouldBe(scene.stack)))
    for (const secret of secrets) expect(content.includes(secret), `${place} holds a secret`).toBe(false);
});

test('what answers from outside is what the matrix opens', async () => {
  const open = await openPorts(scene.stack);
  expect(open('operators', 'web')).toEqual([22, 80, 443]);
  const { name: network } = await networkOf(scene.stack);
  const stranger = await peer(scene.stack, 'stranger', scene.address.replace(/\d+$/, '201'), network);
  const operator = await peer(scene.stack, 'operator', 'this computer', network);
  try {
    expect(Object.keys(await stranger.scan(scene.address, 65_535)).map(Number)).toEqual(open('stranger', 'web'));
    expect(Object.keys(await operator.scan(scene.address, 10_000)).map(Number)).toEqual(open('operators', 'web'));
  } finally {
    await stranger.remove();
    await operator.remove();
  }
});

test('a second up changes nothing, and the release itself finds that it is in place', async () => {
  const before = await hostState();
  const second = await scene.stack.up('--expect-no-changes');
  expect(second.code, second.output).toBe(0);
  const again = await scene.stack.up('--target-replace', await releaseUrn(scene.stack));
  expect(again.code, again.output).toBe(0);
  expect(again.output).not.toContain('new containers');
  expect(await hostState()).toBe(before);
});

test('a process, a build and a unit that somebody took away are told', async () => {
  expect(await drift(scene.stack)).toEqual([]);
  const [build] = (await machine('ls /srv/berth/catalogage/builds/*.commit')).split('\n');
  const program = (await machine("supervisorctl status | awk '/client/ { print $1 }'")).trim();
  await machine(`supervisorctl stop ${program}; mv ${build} /root/kept; systemctl stop nginx.service`);
  try {
    const found = await drift(scene.stack);
    const name = build?.slice(build.lastIndexOf('/') + 1, -'.commit'.length);
    expect(found).toContainEqual({ kind: 'process', what: 'client', difference: `its build ${name} is missing` });
    expect(found).toContainEqual({
      kind: 'process',
      what: program,
      difference: 'is STOPPED',
    });
    expect(found).toContainEqual({ kind: 'unit', what: 'nginx.service', difference: 'does not run' });
    expect(found.filter(({ kind }) => kind !== 'process')).toHaveLength(1);
  } finally {
    await machine(`mv /root/kept ${build}; supervisorctl start ${program}; systemctl start nginx.service`);
  }
  expect(
    await eventually(
      20,
      () => drift(scene.stack),
      (found) => found.length === 0,
    ),
  ).toEqual([]);
});

test('a commit is released without a failed request, long ones too', async () => {
  const commit = await scene.repository.commit('two');
  await scene.repository.tag('1.0.0');
  const traffic = visits(scene.site, 30);
  let long: Promise<number[]> = Promise.resolve([]);
  // Both colours are up now: these reach the old one, and end after the switch
  const both = eventually(
    120,
    () => machine('supervisorctl status'),
    (text) => (String(text).match(/^catalogage-client-/gm) ?? []).length === 2,
  );
  const asked = both.then(() => {
    long = Promise.all(['/slow', '/api/slow'].map(async (path) => (await scene.site.get(path)).status));
  });
  const released = await release(commit);
  await asked;
  expect(await long).toEqual([200, 200]);
  const { failures, versions, count, again } = await traffic.stop();
  expect(released.code, released.output).toBe(0);
  expect(failures).toEqual([]);
  expect(versions).toEqual(['one', 'two']);
  expect(count).toBeGreaterThan(200);
  expect(again).toBeLessThan(5);
  expect(await serving()).toEqual(['two', 'two']);
  expect((await machine('supervisorctl status')).trim().split('\n')).toHaveLength(2);
  // Of the colour that ended nothing stays
  expect((await machine('ls /run/berth-files')).trim().split('\n')).toHaveLength(1);
  expect((await scene.stack.outputs()).version).toBe(commit);
});

test('the way back builds nothing, and follows no tag that was moved since', async () => {
  const builds = () => machine("stat -c '%n %Y' /srv/berth/catalogage/builds/*");
  const before = await builds();
  const back = await release('1.0.0');
  expect(back.code, back.output).toBe(0);
  expect(await serving()).toEqual(['one', 'one']);
  const forth = await release(await scene.repository.head());
  expect(forth.code, forth.output).toBe(0);
  expect(await serving()).toEqual(['two', 'two']);
  expect(await builds()).toBe(before);
});

test('a commit that cannot be built leaves the old one serving, and says why', async () => {
  const before = await hostState();
  const commit = await scene.repository.commit('broken', {
    'client/make.js': "throw new Error('no such module: svelte');\n",
  });
  const refused = await release(commit);
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain('no such module: svelte');
  expect(refused.output).toContain(`${commit} can't be built`);
  expect(refused.output).toContain('the former release goes on serving');
  expect(await serving()).toEqual(['two', 'two']);
  expect(await hostState()).toBe(before);
});

test('a commit that is not there is said by name', async () => {
  const refused = await release('9.9.9');
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain('https://git.corp.test/catalogage.git does not give 9.9.9');
  expect(await serving()).toEqual(['two', 'two']);
});

test.each([
  [
    'falls when it starts',
    { 'server/main.py': 'raise SystemExit("the settings are incomplete")\n' },
    'the settings are incomplete',
  ],
  [
    'draws no page',
    {
      'client/src/index.js':
        "import { createServer } from 'node:http';\ncreateServer((_, response) => response.writeHead(_.url === '/login' ? 200 : 500).end('{{ssr}} {{browser}}')).listen(Number(process.env.PORT), process.env.HOST);\n",
    },
    'the edge does not show the new release',
  ],
])('a commit that %s leaves the old one serving, and says why', async (_, files, why) => {
  const refused = await release(await scene.repository.commit('ill', files));
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain(why);
  expect(await serving()).toEqual(['two', 'two']);
  expect((await machine('supervisorctl status')).trim().split('\n')).toHaveLength(2);
});

test('killed in the build, the old one serves, and the next up heals', async () => {
  const slow =
    "import { mkdirSync } from 'node:fs';\nif (!process.env.HOME.includes('.home')) throw new Error('no home');\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000);\nawait import('./really.js');\n";
  const make = await import('node:fs/promises').then(({ readFile }) =>
    readFile(new URL('../../repository/client/make.js', import.meta.url), 'utf8'),
  );
  const commit = await scene.repository.commit('three', { 'client/make.js': slow, 'client/really.js': make });
  const killed = release(commit);
  await eventually(
    120,
    () => machine('pgrep -f "^node make.js"'),
    (text) => /^\d+\n$/.test(String(text)),
  );
  await machine('kill -9 $(systemctl show --property MainPID --value berth-converge.service)');
  expect((await killed).code).not.toBe(0);
  expect((await killed).output).toContain('killed before its end');
  expect(await serving()).toEqual(['two', 'two']);
  const healed = await scene.stack.up();
  expect(healed.code, healed.output).toBe(0);
  expect(await serving()).toEqual(['three', 'three']);
});

test('killed between the rename and the reload, the next release begins from what is said to be live', async () => {
  // What a kill leaves there: the routes name the other colour, nginx still leads to this one
  const commit = await scene.repository.commit('four');
  await machine(
    "sed -i 's/^# generation .*/# generation 4000/; s/Berth-Generation [0-9]*/Berth-Generation 4000/' /var/lib/berth/catalogage/edge/routes.conf",
  );
  const traffic = visits(scene.site, 20);
  const released = await release(commit);
  expect(released.code, released.output).toBe(0);
  expect((await traffic.stop()).failures).toEqual([]);
  expect(await serving()).toEqual(['four', 'four']);
  expect((await scene.site.get('/')).headers['berth-generation']).toBe('4001');
});

test('a program that somebody stopped is put right by the next release', async () => {
  await machine('supervisorctl stop $(supervisorctl status | cut -d " " -f 1 | grep server)');
  expect((await scene.site.get('/api/version')).status).toBe(503);
  const healed = await scene.stack.up('--target-replace', await releaseUrn(scene.stack));
  expect(healed.code, healed.output).toBe(0);
  expect(await serving()).toEqual(['four', 'four']);
});

test('a renewed certificate is taken up by the program that renews it', async () => {
  const serial = () =>
    machine(
      'openssl s_client -connect 127.0.0.1:443 -servername catalogage.localhost </dev/null 2>/dev/null | openssl x509 -noout -serial',
    );
  const before = await serial();
  await machine(
    'systemctl is-active berth-certificate-catalogage.timer && systemctl start berth-certificate-catalogage.service',
  );
  expect(await serial()).toBe(before);
  await machine('dehydrated --config /etc/berth/catalogage/acme/config --cron --force');
  expect(await eventually(10, serial, (now) => now !== before)).not.toBe(before);
});

test('when supervisor and nginx start anew, everything serves again by itself', async () => {
  await machine('systemctl restart supervisor.service nginx.service');
  expect(await eventually(30, serving, (versions) => String(versions) === 'four,four')).toEqual(['four', 'four']);
});

describe('a commit whose schema is another', () => migrations(() => scene));

test('taken down, it leaves nothing', async () => {
  scene.site.close();
  await scene.remove();
  expect(await leftOf(scene.stack)).toEqual([]);
});
