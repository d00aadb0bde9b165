import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployedSystems } from '../../src/cli/outputs.ts';
import { deployKeyOf } from '../../src/cli/ssh/deployKey.ts';
import { updateCommand, updateMachine } from '../../src/cli/update/machine.ts';
import { chosenMachines } from '../../src/cli/update/order.ts';
import { stackFile } from '../../src/pulumi/place.ts';
import type { EngineStack } from '../../src/pulumi/stack.ts';
import { type Client, client, eventually } from './client.ts';
import { drift } from './drift.ts';
import { type LoadResult, load } from './load.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack, testStack } from './stack.ts';

let stack: TestStack;
let site: Client;

beforeAll(async () => {
  stack = await testStack();
  const first = await stack.up();
  expect(first.code, first.output).toBe(0);
  site = await client(stack, (await stack.outputs()).machines['basegun-web-0']?.publicAddress ?? '');
  expect(await answering()).toMatchObject({ status: 200, body: '3.3.0' });
});

afterAll(async () => {
  site?.close();
  await stack?.remove();
});

const answering = () =>
  eventually(
    60,
    () => site.getAnew('/api/version'),
    (answer) => answer.status === 200 && answer.body === '3.3.0',
  );

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Every container by name and number, which is another one where it was made anew, with its start */
const containers = () =>
  inMachine(
    stack,
    "docker ps --all --quiet | xargs docker inspect --format '{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}' | sort",
  );

const withoutStarts = (listed: string) => listed.replaceAll(/ \S+Z$/gm, '');

const processOf = (unit: string) => inMachine(stack, `systemctl show --property MainPID --value ${unit}`);

/** What visitors see of a change, from two seconds before it to three after */
async function underLoad(change: () => Promise<unknown>): Promise<LoadResult> {
  const traffic = load(site, 50);
  await pause(2);
  await change().finally(() => pause(3));
  return traffic.stop();
}

test.each(['docker', 'containerd'])(
  'the site serves through a restart of %s without a failed request, and no container is touched',
  async (unit) => {
    const before = { containers: await containers(), process: await processOf(unit) };
    const result = await underLoad(() => inMachine(stack, `systemctl restart ${unit}`));
    expect(result.failures).toEqual([]);
    expect(result.requests).toBeGreaterThan(150);
    expect(await processOf(unit)).not.toBe(before.process);
    expect(await containers()).toBe(before.containers);
    expect(await drift(stack)).toEqual([]);
  },
);

test.each([
  ['a reboot', 'restart --time 60'],
  ['a loss of power', 'kill'],
  ['a reboot with an engine that was stopped before, by an operator', 'stop'],
])('after %s the site is back by itself, and so is every container', async (_, how) => {
  const before = withoutStarts(await containers());
  const machine = await machineContainer(stack);
  if (how === 'stop') await inMachine(stack, 'systemctl stop docker.socket docker.service containerd.service');
  const traffic = load(site, 10);
  await pause(1);
  const [word = '', ...words] = (how === 'stop' ? 'restart' : how).split(' ');
  await stdoutOf('docker', [word, ...words, machine]);
  if (word === 'kill') await stdoutOf('docker', ['start', machine]);
  expect(await answering()).toMatchObject({ status: 200, body: '3.3.0' });
  await traffic.stop();
  expect(withoutStarts(await containers())).toBe(before);
  const found = await eventually(
    60,
    () => drift(stack),
    (differences) => differences.length === 0,
  );
  expect(found).toEqual([]);
});

const versions = () =>
  inMachine(
    stack,
    `dpkg-query --show --showformat '\${Package} \${Version} \${db:Status-Want}\\n' docker.io docker-cli docker-compose containerd runc`,
  );

/** A repository on the machine that has what is installed under a newer version */
const newer = `rm -rf /srv/newer /etc/apt/sources.list.d/*; mkdir -p /srv/newer; cd /srv/newer; set -e
  for package in docker.io containerd runc; do
    mkdir -p $package/DEBIAN
    dpkg -L $package | while read -r path; do [ -d "$path" ] || [ ! -e "$path" ] || echo "$path"; done | tar -cPf - -T - | tar -xf - -C $package
    for part in preinst postinst prerm postrm conffiles; do
      [ ! -e /var/lib/dpkg/info/$package.$part ] || cp -p /var/lib/dpkg/info/$package.$part $package/DEBIAN/$part
    done
    dpkg -s $package | sed -e '/^Status:/d' -e '/^Conffiles:/,/^[^ ]/{/^Conffiles:/d;/^ /d}' -e 's/^Version: .*/&+newer1/' >$package/DEBIAN/control
    dpkg-deb -Znone --build $package $package.deb >/dev/null
    { dpkg-deb --field $package.deb; echo "Filename: ./$package.deb"; echo "Size: $(stat -c %s $package.deb)"; echo "SHA256: $(sha256sum <$package.deb | cut -d ' ' -f 1)"; echo; } >>Packages
    rm -r $package
  done
  echo 'deb [trusted=yes] file:/srv/newer ./' >/etc/apt/sources.list`;

const on = (): EngineStack => {
  const { place, environment } = stack;
  return { stack: place.stack, project: place.project, folder: '', environment, configFile: stackFile(place) };
};

test("a release holds the engine's packages, and a hold that somebody lifted is back with an update that finds nothing", async () => {
  await inMachine(
    stack,
    'mkdir -p /srv/none; touch /srv/none/Packages; rm -f /etc/apt/sources.list.d/*; echo "deb [trusted=yes] file:/srv/none ./" >/etc/apt/sources.list',
  );
  const held = await versions();
  expect(held.match(/ hold$/gm)).toHaveLength(5);
  await inMachine(stack, 'apt-mark unhold runc');
  const before = { containers: await containers(), engine: await processOf('docker') };
  const said = await inMachine(stack, updateCommand('basegun'));
  expect(said).toMatch(/nothing newer than containerd \S+, .*runc \S+; 4 containers run as before/);
  expect(await versions()).toBe(held);
  expect({ containers: await containers(), engine: await processOf('docker') }).toEqual(before);
});

test('an update waits for a release, brings newer versions over SSH without a failed request, and holds them', async () => {
  await inMachine(stack, newer);
  const before = { containers: await containers(), engine: await processOf('docker'), versions: await versions() };
  const [machine] = chosenMachines(await deployedSystems(on()), [], {});
  if (!machine) throw new Error('there is no machine');
  await inMachine(stack, 'systemd-run --unit=berth-converge.service --collect sleep 5');
  const key = { text: await deployKeyOf(on()) };
  const began = Date.now();
  const result = await underLoad(() => updateMachine({ ...machine, key }));
  expect(Date.now() - began).toBeGreaterThan(7000);
  expect(result.failures).toEqual([]);
  expect(await versions()).toBe(before.versions.replaceAll(/^((?:docker\.io|containerd|runc) \S+)/gm, '$1+newer1'));
  expect(await processOf('docker')).not.toBe(before.engine);
  expect(await containers()).toBe(before.containers);
  expect(await inMachine(stack, 'readlink /proc/$(pidof dockerd)/exe /proc/$(pidof containerd)/exe')).not.toContain(
    'deleted',
  );
  expect(await drift(stack)).toEqual([]);
});

test('an update whose engine would stop its containers is refused before anything is touched', async () => {
  const file = '/etc/docker/daemon.json';
  await inMachine(
    stack,
    `cp -a ${file} /root/kept; sed -i 's/"live-restore": true/"live-restore": false/' ${file}; systemctl reload docker`,
  );
  try {
    const refused = inMachine(stack, updateCommand('basegun'));
    await expect(refused).rejects.toThrow('write "live-restore": true to /etc/docker/daemon.json');
  } finally {
    await inMachine(stack, `mv /root/kept ${file}; systemctl reload docker`);
  }
});

test('a container that does not come back is named with its last lines, and the packages are held all the same', async () => {
  // Healthy while it is looked at first, and then no more
  const sick = `sed -i 's/^well_again_seconds=.*/well_again_seconds=3/; s/^restart_engine() {/&\\n  docker pause basegun-base-filebeat-1/' $(readlink -f /var/lib/berth/basegun/current)/scripts/engine.sh`;
  await inMachine(stack, sick);
  const failed = await inMachine(stack, updateCommand('basegun')).catch(String);
  expect(failed).toContain(
    'basegun-base-filebeat-1 ran before the update and is not well again after 3 s: it is paused',
  );
  expect((await versions()).match(/ hold$/gm)).toHaveLength(5);
  await inMachine(stack, 'docker unpause basegun-base-filebeat-1');
});
