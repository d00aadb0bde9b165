import { expect, test } from 'vitest';
import { peer } from '../../../../../test/e2e/bare/peer.ts';
import { kept, openPage } from '../../../../../test/e2e/browser.ts';
import { plain } from '../../../../../test/e2e/client.ts';
import { secretTexts, whereSecretsCouldBe } from '../../../../../test/e2e/inspect.ts';
import { networkOf, openPorts } from '../../../../../test/e2e/reach.ts';
import { actions } from './actions.ts';
import type { Scene } from './scene.ts';

/** What a first release left: the site, its users, its files, its secrets and its ports */
export function standing(scene: () => Scene): void {
  const { machine } = actions(scene);

  test('pages and API answer over HTTPS with a certificate of the authority, from the database', async () => {
    const { status, body, headers } = await scene().site.get('/');
    expect({ status, body }).toMatchObject({ status: 200, body: expect.stringContaining('<li>Lighthouses</li>') });
    expect(body).toContain('data-api="/api"');
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=63072000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers.server).toBe('nginx');
    expect(JSON.parse((await scene().site.get('/api/datasets/')).body)).toHaveLength(2);
    expect(await scene().site.get('/.well-known/version')).toMatchObject({ status: 200, body: '1.0.0' });
    expect(await scene().site.get('/favicon.ico')).toMatchObject({ status: 200 });
    expect(await plain(scene().address, '/somewhere')).toMatchObject({
      status: 301,
      headers: { location: 'https://catalogage.localhost/somewhere' },
    });
  });

  test('a person who opens the page in a browser sees the datasets, and the browser reports no error', async () => {
    const hosts = { 'catalogage.localhost': scene().address };
    const page = await openPage(scene().stack, 'https://catalogage.localhost/', { hosts });
    try {
      expect(await page.evaluate("[...document.querySelectorAll('li')].map((one) => one.textContent)")).toContain(
        'Lighthouses',
      );
      await kept(page, 'catalogage');
      expect(await page.errors()).toEqual([]);
    } finally {
      await page.close();
    }
  });

  test('the API sees its visitor, who cannot say that he is another', async () => {
    const who = await scene().site.get('/api/who');
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
    expect(await machine(`stat -c '%a %U' ${file}; cat ${file}`)).toBe(`400 catalogage-server\n${scene().ownCa}`);
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
    const secrets = [...(await secretTexts(scene().stack)), scene().password, scene().ownCa];
    expect(await machine('cat /etc/berth/catalogage/server/*/start')).toContain(scene().password);
    for (const [place, content] of Object.entries(await whereSecretsCouldBe(scene().stack)))
      for (const secret of secrets) expect(content.includes(secret), `${place} holds a secret`).toBe(false);
  });

  test('what answers from outside is what the matrix opens', async () => {
    const open = await openPorts(scene().stack);
    expect(open('operators', 'web')).toEqual([22, 80, 443]);
    const { name: network } = await networkOf(scene().stack);
    const stranger = await peer(scene().stack, 'stranger', scene().address.replace(/\d+$/, '201'), network);
    const operator = await peer(scene().stack, 'operator', 'this computer', network);
    try {
      expect(Object.keys(await stranger.scan(scene().address, 65_535)).map(Number)).toEqual(open('stranger', 'web'));
      expect(Object.keys(await operator.scan(scene().address, 10_000)).map(Number)).toEqual(open('operators', 'web'));
    } finally {
      await stranger.remove();
      await operator.remove();
    }
  });
}
