import { expect, test } from 'vitest';
import { berthOn } from '../../../../../test/e2e/berth.ts';
import { inMachine } from '../../../../../test/e2e/stack.ts';
import { foreign } from './layRuntimes.ts';
import type { Scene } from './scene.ts';
import { versionIn, visits } from './visits.ts';

const runtimeMirror = 'https://packages.corp.test/runtimes';

/**
 * Versions of Python and Node that Debian does not have, for programs and a job of a commit
 * @param files of the commit, whose schema is the one that the database has
 */
export function runtimes(scene: () => Scene, files: Readonly<Record<string, string>>): void {
  const machine = (script: string): Promise<string> => inMachine(scene().stack, script);
  const deploy = async (options: Readonly<Record<string, unknown>>) => {
    await scene().stack.configure({ runtimeMirror, ...options });
    return scene().stack.up();
  };

  test('a commit is built and run by versions that Debian does not have, without a failed request', async () => {
    // As an owner of such a machine has pip find what is behind the proxy
    const found = `find-links = ${runtimeMirror}/pip/links.html\nindex-url = https://packages.corp.test/python/`;
    await machine(`printf '[global]\n${found}\n' >/etc/pip.conf`);
    const ref = await scene().repository.commit('seven', files);
    const [venv, ...build] = scene().build;
    const own = [venv?.replace('python3', '/usr/bin/python3'), 'python3 -m venv --without-pip own', ...build];
    const initdata = ['own/bin/python', '-c', 'import ssl, sys; print(sys.version)'];
    const traffic = visits(scene().site, 20);
    const released = await deploy({ ref, build: own, initdata, node: foreign.node, python: foreign.python });
    expect((await traffic.stop()).failures).toEqual([]);
    expect(released.code, released.output).toBe(0);
    const place = '/srv/berth/catalogage/runtimes';
    expect(await machine('readlink /proc/$(pgrep -f "^node ./build")/exe')).toBe(
      `${place}/node-${foreign.node}/bin/node\n`,
    );
    const job = await berthOn(scene().stack, ['run', scene().stack.place.stack, 'catalogage', 'initdata']);
    expect(job.stdout, job.stderr).toContain(`${foreign.python} (`);
    expect(await machine(`find ${place} -not -user root; find ${place} -perm /022 -not -type l`)).toBe('');
  });

  test.each([
    ['that nobody has', { node: '22.99.0' }, 'runtimes/node has no node 22.99.0: choose another version'],
    ['of another sum', { node: foreign.wrongNode }, 'is not what its SHASUMS256.txt says'],
    [
      'of a mirror that is gone',
      { python: '3.10.1', runtimeMirror: 'https://gone.corp.test' },
      "python 3.10.1 can't be fetched: ",
    ],
  ])('a version %s is refused with the reason, and the former one serves on', async (_, options, why) => {
    const refused = await deploy({ node: foreign.node, python: foreign.python, ...options });
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(why);
    expect(refused.output).toContain('the former release is still serving');
    expect(versionIn((await scene().site.get('/')).body)).toBe('seven');
    const kept = await machine('ls /srv/berth/catalogage/runtimes');
    expect(kept.split('\n').filter(Boolean).sort()).toEqual(
      [`node-${foreign.node}`, `python-${foreign.python}`].flatMap((name) => [name, `${name}.version`]),
    );
  });

  test("without them, the next commit is built and run by Debian's again", async () => {
    const { build } = scene();
    const without = { node: undefined, python: undefined, runtimeMirror: undefined };
    const ref = await scene().repository.commit('seven', files);
    const released = await deploy({ ...without, build, initdata: true, ref });
    expect(released.code, released.output).toBe(0);
    expect(await machine('readlink /proc/$(pgrep -f "^node ./build")/exe')).toBe('/usr/bin/node\n');
    // The way back needs them
    expect(await machine('ls /srv/berth/catalogage/runtimes | wc -l')).toBe('4\n');
  });

  test('they are gone once no release that is kept needs them', async () => {
    const ref = await scene().repository.commit('eight', files);
    await scene().stack.configure({ ref });
    const released = await scene().stack.up();
    expect(released.code, released.output).toBe(0);
    expect(await machine('ls -A /srv/berth/catalogage/runtimes')).toBe('');
  });
}
