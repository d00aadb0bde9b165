import { expect, test } from 'vitest';
import { eventually } from '../../../../../test/e2e/client.ts';
import { releaseUrn } from '../../../../../test/e2e/inspect.ts';
import { followed } from '../../../../../test/e2e/runbook.ts';
import { actions } from './actions.ts';
import { page } from './faults.ts';
import type { Scene } from './scene.ts';
import { visits } from './visits.ts';

/** Releases that fail or are killed, each test on what the former one left: version `two` serves at first */
export function refusals(scene: () => Scene): void {
  const { hostState, machine, release, serving } = actions(scene);

  test('a commit that cannot be built leaves the old one serving, and says why', async () => {
    const before = await hostState();
    const commit = await scene().repository.commit('broken', {
      'client/make.js': "throw new Error('no such module: svelte');\n",
    });
    const refused = await release(commit);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('no such module: svelte');
    expect(refused.output).toContain(`${commit} can't be built`);
    expect(refused.output).toContain('the former release is still serving');
    expect(await serving()).toEqual(['two', 'two']);
    expect(await hostState()).toBe(before);
  });

  test('a commit that is not there is said by name', async () => {
    const refused = await release('9.9.9');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('https://git.corp.test/catalogage.git does not provide 9.9.9');
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
      'the edge does not serve the new release',
    ],
  ])('a commit that %s leaves the old one serving, and says why', async (_, files, why) => {
    const refused = await release(await scene().repository.commit('ill', files));
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(why);
    expect(await serving()).toEqual(['two', 'two']);
    expect((await machine('supervisorctl status')).trim().split('\n')).toHaveLength(2);
  });

  test('killed in the build, the old one serves, and the next up heals', async () => {
    const slow =
      "import { mkdirSync } from 'node:fs';\nif (!process.env.HOME.includes('.home')) throw new Error('no home');\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000);\nawait import('./really.js');\n";
    const make = await import('node:fs/promises').then(({ readFile }) =>
      readFile(new URL('../../../repository/client/make.js', import.meta.url), 'utf8'),
    );
    const commit = await scene().repository.commit('three', { 'client/make.js': slow, 'client/really.js': make });
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
    const healed = await scene().stack.up();
    expect(healed.code, healed.output).toBe(0);
    expect(await serving()).toEqual(['three', 'three']);
  });

  test('killed between the rename and the reload, the next release begins from what is said to be live', async () => {
    // What a kill leaves there: the routes name the other colour, nginx still leads to this one
    const commit = await scene().repository.commit('four');
    await machine(
      "sed -i 's/^# generation .*/# generation 4000/; s/Berth-Generation [0-9]*/Berth-Generation 4000/' /var/lib/berth/catalogage/edge/routes.conf",
    );
    const traffic = visits(scene().site, 20);
    const released = await release(commit);
    expect(released.code, released.output).toBe(0);
    expect((await traffic.stop()).failures).toEqual([]);
    expect(await serving()).toEqual(['four', 'four']);
    expect((await scene().site.get('/')).headers['berth-generation']).toBe('4001');
  });

  test('a program that somebody stopped is put right by the next release', async () => {
    await machine('supervisorctl stop $(supervisorctl status | cut -d " " -f 1 | grep server)');
    expect((await scene().site.get('/api/version')).status).toBe(503);
    expect(await followed(scene().stack, page, 'The site answers 502, 503 or 500')).toMatchObject({
      code: 1,
      said: expect.stringMatching(/catalogage-web-0: .*server.*: STOPPED/),
    });
    const healed = await scene().stack.up('--target-replace', await releaseUrn(scene().stack));
    expect(healed.code, healed.output).toBe(0);
    expect(await serving()).toEqual(['four', 'four']);
  });
}
