import { beforeAll, describe, expect, test } from 'vitest';
import { updateWords } from '../../../src/cli/update/machine.ts';
import type { Captured } from '../../../src/process/captured.ts';
import { berthOn } from '../berth.ts';
import { drift } from '../drift.ts';
import type { LoadResult } from '../load.ts';
import { inMachine, type TestStack } from '../stack.ts';
import { packagesFrom, repository } from './packages.ts';

interface Scene {
  stack: TestStack;
  /** Lists containers with name, id, state and start */
  containers(): Promise<string>;
  processOf(unit: string): Promise<string>;
  /** Sends requests during a change and returns their result */
  underLoad(change: () => Promise<unknown>): Promise<LoadResult>;
}

/** `berth update`; each test continues from the state of the one before */
export function updates(scene: () => Scene): void {
  const machine = (script: string) => inMachine(scene().stack, script);
  const versions = () =>
    machine(
      `dpkg-query --show --showformat '\${Package} \${Version} \${db:Status-Want}\\n' docker.io docker-cli docker-compose containerd runc`,
    );
  const update = () => berthOn(scene().stack, ['update', scene().stack.place.stack]);
  const updateUnderLoad = async () => {
    const runs: Captured[] = [];
    const { failures } = await scene().underLoad(async () => runs.push(await update()));
    const [run] = runs;
    if (!run) throw new Error('it was not run');
    return { run, failures };
  };

  test("a release holds the engine's packages, and an update without newer versions restores a removed hold", async () => {
    const help = await berthOn(scene().stack, ['update', '--help']);
    expect(help).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: berth update \[options\] <stack>\n/),
    });
    await packagesFrom(scene().stack);
    const held = await versions();
    expect(held.match(/ hold$/gm)).toHaveLength(5);
    await machine('apt-mark unhold runc');
    const before = { containers: await scene().containers(), engine: await scene().processOf('docker') };
    const { code, stdout, stderr } = await update();
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(package lists|look|packages|engine|services|hold) +\d+\.\d s$/m),
    });
    expect(stdout).toMatch(
      /^basegun-web-0:\nnothing newer than containerd \S+, .*runc \S+; all 4 containers are running\n$/,
    );
    expect(await versions()).toBe(held);
    expect({ containers: await scene().containers(), engine: await scene().processOf('docker') }).toEqual(before);
  });

  test('docker-ce is not changed, although there are newer versions, and the output says that its owner updates it', async () => {
    await repository(scene().stack, 'newer1', ['docker.io', 'containerd', 'runc']);
    await packagesFrom(scene().stack, 'newer1');
    await machine(
      `mkdir -p /srv/ce/DEBIAN; printf '%s\\n' 'Package: docker-ce' 'Version: 5:29' 'Architecture: all' 'Maintainer: test' 'Description: test' >/srv/ce/DEBIAN/control
     dpkg-deb --build /srv/ce /srv/ce.deb && dpkg --force-conflicts --install /srv/ce.deb`,
    );
    try {
      const before = { versions: await versions(), engine: await scene().processOf('docker') };
      const { code, stdout } = await update();
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout:
          'basegun-web-0:\nits engine is docker-ce, which its owner updates (apt-get install --only-upgrade docker-ce containerd.io): nothing was changed\n',
      });
      expect({ versions: await versions(), engine: await scene().processOf('docker') }).toEqual(before);
    } finally {
      await machine('dpkg --purge docker-ce');
    }
  });

  test('an update waits for a release, installs newer versions over SSH without a failed request, and holds them', async () => {
    await packagesFrom(scene().stack, 'newer1');
    const before = {
      containers: await scene().containers(),
      engine: await scene().processOf('docker'),
      versions: await versions(),
    };
    await machine('systemd-run --unit=berth-converge.service --collect sleep 8');
    const began = Date.now();
    const { run, failures } = await updateUnderLoad();
    expect(Date.now() - began).toBeGreaterThan(7000);
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^installing containerd=\S+ docker\.io=\S+\+newer1 runc=\S+$/m),
    });
    expect(run.stdout).toMatch(
      /^basegun-web-0:\ncontainerd (\S+) → \1\+newer1, docker\.io (\S+) → \2\+newer1, runc (\S+) → \3\+newer1; all 4 containers are running\n$/,
    );
    expect(failures).toEqual([]);
    expect(await versions()).toBe(before.versions.replaceAll(/^((?:docker\.io|containerd|runc) \S+)/gm, '$1+newer1'));
    expect(await scene().processOf('docker')).not.toBe(before.engine);
    expect(await scene().containers()).toBe(before.containers);
    expect(await machine('readlink /proc/$(pidof dockerd)/exe /proc/$(pidof containerd)/exe')).not.toContain('deleted');
    expect(await drift(scene().stack)).toEqual([]);
  });

  describe('an engine that does not start with its newer version', () => {
    let before: string;

    beforeAll(async () => {
      before = await scene().containers();
      const broken = `printf '#!/bin/sh\\necho this build is broken >&2\\nexit 1\\n' >usr/sbin/dockerd`;
      await repository(scene().stack, 'newer2', ['docker.io'], broken);
      const killing =
        '[ -e /srv/killed ] || { touch /srv/killed; systemctl kill --signal KILL berth-converge.service; sleep 9; }';
      await repository(scene().stack, 'newer3', ['docker.io'], `sed -i '1a ${killing}' DEBIAN/postinst`);
    });

    test('is reported with its last lines, the next steps and the state of the site, and the packages are held', async () => {
      await packagesFrom(scene().stack, 'newer1', 'newer2');
      const run = await update();
      expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 1, stdout: 'basegun-web-0:\n' });
      expect(run.stderr).toMatch(
        /^docker\.service: its last lines:\n( {2}.*\n)* {2}this build is broken\n( {2}.*\n)*error: /m,
      );
      expect(run.stderr).toMatch(
        /^error: docker\.service does not start: docker\.io (\S+) → \1\+newer2\n4 of 4 containers run on without it;/m,
      );
      expect(run.stderr).toMatch(
        /^basegun-web-0 failed to update \(code 1\): .*\n(the site of basegun is healthy|basegun is not healthy: .*)$/m,
      );
      expect(await machine('systemctl is-active docker.service || true')).not.toBe('active\n');
      expect((await versions()).match(/ hold$/gm)).toHaveLength(5);
      const back = /^to go back: sudo (apt-get install .* docker\.io=\S+) && /m.exec(run.stderr)?.[1];
      expect(await machine(`${back} --simulate`)).toMatch(/^Inst docker\.io \[\S+newer2\] \(\S+newer1 /m);
    });

    test('is reported by an update without newer versions too, and repaired by a fixed version, also after a killed update', async () => {
      const again = await machine(updateWords('basegun')).catch(String);
      expect(again).toMatch(
        /^docker\.service does not start; 4 containers run without it: newer versions may fix it$/m,
      );
      expect(again).toMatch(/^error: docker\.service does not start: nothing newer than .*\n4 of 4 containers run on/m);
      await packagesFrom(scene().stack, 'newer1', 'newer2', 'newer3');
      const killed = await update();
      expect(killed).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('error: the update was killed before its end: run it again\n'),
      });
      const healed = await update();
      expect(healed).toMatchObject({ code: 0, stdout: expect.stringMatching(/all 4 containers are running\n$/) });
      expect(await versions()).toMatch(/^docker\.io \S+\+newer3 hold$/m);
      expect((await versions()).match(/ hold$/gm)).toHaveLength(5);
      expect(await scene().containers()).toBe(before);
      expect(await drift(scene().stack)).toEqual([]);
    });
  });

  test('an update whose engine would stop its containers is refused before anything is changed', async () => {
    const file = '/etc/docker/daemon.json';
    await machine(
      `cp -a ${file} /root/kept; sed -i 's/"live-restore": true/"live-restore": false/' ${file}; systemctl reload docker`,
    );
    try {
      const refused = machine(updateWords('basegun'));
      await expect(refused).rejects.toThrow('write "live-restore": true to /etc/docker/daemon.json');
    } finally {
      await machine(`mv /root/kept ${file}; systemctl reload docker`);
    }
  });

  test('a container that does not recover is named, and the packages are held', async () => {
    // Healthy at the first check, and paused afterwards
    const sick = `sed -i 's/^_WELL_AGAIN_SECONDS = .*/_WELL_AGAIN_SECONDS = 3/; s/^def _await_services.*/&\\n    machine.run("docker", "pause", "basegun-base-filebeat-1")/' $(readlink -f /var/lib/berth/basegun/current)/engine/update.py`;
    await machine(sick);
    const failed = await machine(updateWords('basegun')).catch(String);
    expect(failed).toContain(
      'basegun-base-filebeat-1 was running before the update and has not recovered after 3 s: it is paused',
    );
    expect((await versions()).match(/ hold$/gm)).toHaveLength(5);
    await machine('docker unpause basegun-base-filebeat-1');
  });
}
