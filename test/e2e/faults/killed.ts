import { afterAll, beforeAll, expect, test } from 'vitest';
import { changed, send } from '../byHand.ts';
import { load } from '../load.ts';
import { inMachine } from '../stack.ts';
import { anew, edited, other, type Scene, setting, standing, underLoad, versions } from './scene.ts';

/** Releases that end in the middle: killed, cut off, or in each other's way */
export function killedReleases(scene: () => Scene): void {
  beforeAll(() => inMachine(scene().stack, assassin));
  afterAll(() => disarm(scene()));

  test.each<[string, 'again' | 'back']>([
    ['read_live', 'back'],
    ['keep_release', 'back'],
    ['check_room', 'again'],
    ['activate_all', 'back'],
    ['pull_images', 'back'],
    ['install_release_files', 'back'],
    ['validate_services', 'back'],
    ['make_network', 'again'],
    ['wait_healthy', 'back'],
    ['ensure_base', 'again'],
    ['routes_text', 'again'],
    ['edge_follows', 'back'],
    ['stop_former', 'again'],
    ['finish_release', 'again'],
    ['prune_images', 'again'],
  ])('killed at %s, a machine serves one release, old or new, and going %s heals it', async (step, way) => {
    const { releases, site } = scene();
    const { release, version } = await other(scene());
    const former = version === '3.3.0' ? '3.3.1' : '3.3.0';
    const traffic = load(site, 10);
    await arm(scene(), step, 'KILL');
    const killed = await send(release).done;
    await disarm(scene());
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

  test('a container that a killed release left is no part of what was live: going back removes it', async () => {
    const { releases } = scene();
    const { version } = await other(scene());
    const former = version === '3.3.0' ? '3.3.1' : '3.3.0';
    await send(releases[former]).done;
    await arm(scene(), 'wait_healthy', 'KILL');
    await send(changed(releases[former], (entries) => anew(entries, 'frontend'))).done;
    await disarm(scene());
    expect((await standing(scene())).containers.match(/-frontend-/g)).toHaveLength(2);
    expect(await send(releases[former]).done).toMatchObject({ code: 0 });
    await expectWhole(scene(), former);
  });

  test.each(['wait_healthy', 'edge_follows'])('stopped at %s, a release is taken back', async (step) => {
    const { release } = await other(scene());
    const before = await generation(scene());
    await arm(scene(), step, 'TERM');
    const stopped = await underLoad(scene(), () => send(release).done);
    await disarm(scene());
    expect(stopped, stopped.output).toMatchObject({ code: 1 });
    expect(stopped.output).toContain('the former release goes on serving');
    // The edge may not have read the new routes yet: it is seen to follow the former ones by a number of their own
    const now = await generation(scene());
    expect(now).toBe(step === 'edge_follows' ? before + 2 : before);
    expect((await scene().site.get('/')).headers['berth-generation']).toBe(String(now));
  });

  test('files that a killed release changed but did not activate are activated by the next', async () => {
    const { stack } = scene();
    const { release } = await other(scene());
    const rule = '    tcp dport 9 drop comment "a rule that is new"\n';
    const stricter = changed(release, (entries) =>
      edited(entries, 'files/etc/berth/firewall.nft.conf', (text) => text.replace(/.*dport 22.*\n/, `${rule}$&`)),
    );
    await arm(scene(), 'activate_all', 'KILL');
    await send(stricter).done;
    await disarm(scene());
    expect(await inMachine(stack, 'cat /etc/berth/firewall.nft.conf')).toContain('a rule that is new');
    expect(await inMachine(stack, 'nft list table inet berth')).not.toContain('a rule that is new');
    const again = await send(stricter).done;
    expect(again, again.output).toMatchObject({ code: 0 });
    expect(await inMachine(stack, 'nft list table inet berth')).toContain('a rule that is new');
  });

  test('a release whose connection is lost runs to its end, a second one waits for it, a third one not for ever', async () => {
    const { stack, releases } = scene();
    const { release, version } = await other(scene());
    const before = await generation(scene());
    const first = send(changed(release, (entries) => setting(entries, 'DRAIN_SECONDS', '4')));
    first.done.catch(() => undefined);
    await inMachine(stack, 'timeout 20 bash -c "until systemctl is-active --quiet berth-converge; do sleep 0.1; done"');
    first.drop();
    const back = version === '3.3.0' ? '3.3.1' : '3.3.0';
    const second = send(releases[back]);
    const impatient = changed(release, (entries) =>
      edited(entries, 'scripts/lock.sh', (text) => text.replace('patience_seconds=900', 'patience_seconds=1')),
    );
    const third = await send(impatient).done;
    expect(third, third.output).toMatchObject({ code: 75 });
    expect(third.output).toContain('another release still runs on this machine after 1 s, this one was not begun');
    expect(await second.done).toMatchObject({ code: 0 });
    expect(await generation(scene())).toBe(before + 2);
    await expectWhole(scene(), back);
  });
}

/** Bash reads it before a script, and it stops the release when a function of the wanted name begins */
const assassin = `cat >/root/stop.sh <<'END'
[[ $0 == */converge.sh ]] || return 0
set -T
trap '[[ \${FUNCNAME[0]:-} != "$STOP_AT" ]] || kill -"$SIGNAL" $$' DEBUG
END`;

const dropIn = '/run/systemd/system/berth-converge.service.d';

const arm = ({ stack }: Scene, step: string, signal: 'KILL' | 'TERM'): Promise<string> =>
  inMachine(
    stack,
    `mkdir -p ${dropIn}; printf '[Service]\\nEnvironment=BASH_ENV=/root/stop.sh STOP_AT=${step} SIGNAL=${signal}\\n' > ${dropIn}/stop.conf`,
  );

const disarm = ({ stack }: Scene): Promise<string> => inMachine(stack, `rm -rf ${dropIn}`);

/** One release, and nothing else: its containers, its name, no folder that arrived and was not used */
async function expectWhole(scene: Scene, version: string): Promise<void> {
  const { versions: seen, containers } = await standing(scene);
  expect(seen).toEqual([version, version]);
  const services = containers.match(/^basegun-\w+-\w+(?=-1 )/gm)?.map((name) => name.replace(/blue|green/, 'colour'));
  expect(services?.sort()).toEqual(
    ['base-filebeat', 'colour-backend', 'colour-frontend', 'edge-traefik'].map((name) => `basegun-${name}`),
  );
  const state = await inMachine(scene.stack, 'grep ^VERSION /var/lib/berth/basegun/current/release.env; ls /var/lib');
  expect(state).toContain(`VERSION='${version}'`);
  expect(state).not.toMatch(/berth\./);
}

const generation = async ({ stack }: Scene): Promise<number> =>
  Number(await inMachine(stack, "sed -n 's/^# generation //p' /var/lib/berth/basegun/edge/routes.yaml"));
