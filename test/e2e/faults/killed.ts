import { expect, test } from 'vitest';
import { changed, type Entries, entriesOf, type LastRelease, send, withRelease } from '../byHand.ts';
import { load } from '../load.ts';
import { inMachine } from '../stack.ts';
import { armed, type Place } from './armed.ts';
import { anew, edited, other, type Scene, standing, underLoad, versions } from './scene.ts';

/** Releases that are killed or stopped, that lose their connection, or that run at the same time */
export function killedReleases(scene: () => Scene): void {
  test.each<[Place, 'again' | 'back', ((entries: Entries) => Entries)?]>([
    ['plan', 'back'],
    ['Keep', 'back'],
    ['MakeRoom', 'again'],
    ['HostFiles', 'again', stricter],
    ['activate', 'back', stricter],
    ['Pull', 'back'],
    ['ReleaseFiles', 'back'],
    ['CheckServices', 'back'],
    ['make_networks', 'again'],
    ['await_healthy', 'back'],
    ['Replace', 'again', (entries) => anew(entries, 'filebeat')],
    ['routes_text', 'again'],
    ['follows', 'back'],
    ['Drain', 'again'],
    ['Finish', 'again'],
    ['prune_images', 'again'],
  ])('killed at %s, a machine serves one release, old or new, and going %s repairs it', async (place, way, change) => {
    const { releases, site } = scene();
    const { release: plain, version } = await other(scene());
    const release = change ? changed(plain, change) : plain;
    const former = version === '3.3.0' ? '3.3.1' : '3.3.0';
    if (place === 'Pull') await withoutImagesOf(scene(), plain);
    const traffic = load(site, 10);
    const killed = await send(armed(release, place, 'KILL')).done;
    expect(killed, killed.output).toMatchObject({ code: 255 });
    expect(killed.output).toContain('the release was killed before its end');
    const [backend, frontend] = await versions(site);
    expect(frontend).toBe(backend);

    const healed = await send(way === 'again' ? release : releases[former]).done;
    const { failures } = await traffic.stop();
    expect(healed, healed.output).toMatchObject({ code: 0 });
    expect(failures).toEqual([]);
    await expectWhole(scene(), way === 'again' ? version : former);
  });

  test('going back removes a container that a killed release left', async () => {
    const { releases } = scene();
    const { version } = await other(scene());
    const former = version === '3.3.0' ? '3.3.1' : '3.3.0';
    await send(releases[former]).done;
    const left = changed(releases[former], (entries) => anew(entries, 'frontend'));
    await send(armed(left, 'await_healthy', 'KILL')).done;
    expect((await standing(scene())).containers.match(/-frontend-/g)).toHaveLength(2);
    expect(await send(releases[former]).done).toMatchObject({ code: 0 });
    await expectWhole(scene(), former);
  });

  test.each<[Place]>([['await_healthy'], ['follows']])('stopped at %s, a release is rolled back', async (place) => {
    const { release } = await other(scene());
    const before = await generation(scene());
    const stopped = await underLoad(scene(), () => send(armed(release, place, 'TERM')).done);
    expect(stopped, stopped.output).toMatchObject({ code: 1 });
    expect(stopped.output).toContain('the former release is still serving');
    // The reverse proxy may not have read the new routes yet: a new generation number shows that it follows the former ones
    const now = await generation(scene());
    expect(now).toBe(place === 'follows' ? before + 2 : before);
    expect((await scene().site.get('/')).headers['berth-generation']).toBe(String(now));
  });

  test('files that a killed release changed without activating them are activated by the next release', async () => {
    const { stack } = scene();
    const { release } = await other(scene());
    const changing = changed(release, stricter);
    await send(armed(changing, 'activate', 'KILL')).done;
    expect(await inMachine(stack, 'cat /etc/berth/firewall.nft.conf')).toContain('a rule that is new');
    expect(await inMachine(stack, 'nft list table inet berth')).not.toContain('a rule that is new');
    const again = await send(changing).done;
    expect(again, again.output).toMatchObject({ code: 0 });
    expect(await inMachine(stack, 'nft list table inet berth')).toContain('a rule that is new');
  });

  test('a release whose connection is lost runs to its end; a second one waits for it, and fails if that takes too long', async () => {
    const { stack, releases } = scene();
    const { release, version } = await other(scene());
    const before = await generation(scene());
    const first = send(changed(release, (entries) => withRelease(entries, (one) => ({ ...one, drainSeconds: 4 }))));
    first.done.catch(() => undefined);
    await inMachine(stack, 'timeout 20 bash -c "until systemctl is-active --quiet berth-converge; do sleep 0.1; done"');
    first.drop();
    const back = version === '3.3.0' ? '3.3.1' : '3.3.0';
    const second = send(releases[back]);
    const impatient = changed(release, (entries) =>
      edited(entries, 'engine/lock.py', (text) => text.replace('PATIENCE_SECONDS = 900', 'PATIENCE_SECONDS = 1')),
    );
    const third = await send(impatient).done;
    expect(third, third.output).toMatchObject({ code: 75 });
    expect(third.output).toContain(
      'another release is still running on this machine after 1 s, this one was not started',
    );
    expect(await second.done).toMatchObject({ code: 0 });
    expect(await generation(scene())).toBe(before + 2);
    await expectWhole(scene(), back);
  });
}

const stricter = (entries: Entries): Entries => {
  const rule = '    tcp dport 9 drop comment "a rule that is new"\n';
  return edited(entries, 'files/etc/berth/firewall.nft.conf', (text) => text.replace(/.*dport 22.*\n/, `${rule}$&`));
};

/** Removes images of a release that no container uses, so that the release pulls them */
const withoutImagesOf = ({ stack }: Scene, release: LastRelease): Promise<string> => {
  const { images } = JSON.parse(entriesOf(release)['release.json'] ?? '') as { images: string[] };
  return inMachine(stack, `docker image rm ${images.join(' ')} || true`);
};

/** Asserts that the machine has exactly one release: its containers, its version, and no leftover folder of a bundle */
async function expectWhole(scene: Scene, version: string): Promise<void> {
  const { versions: seen, containers } = await standing(scene);
  expect(seen).toEqual([version, version]);
  const services = containers.match(/^basegun-\w+-\w+(?=-1 )/gm)?.map((name) => name.replace(/blue|green/, 'colour'));
  expect(services?.sort()).toEqual(
    ['base-filebeat', 'colour-backend', 'colour-frontend', 'edge-traefik'].map((name) => `basegun-${name}`),
  );
  const state = await inMachine(
    scene.stack,
    `grep '"version"' /var/lib/berth/basegun/current/release.json; ls /var/lib`,
  );
  expect(state).toContain(`"version": "${version}"`);
  expect(state).not.toMatch(/berth\./);
}

const generation = async ({ stack }: Scene): Promise<number> =>
  Number(await inMachine(stack, "sed -n 's/^# generation //p' /var/lib/berth/basegun/edge/routes.yaml"));
