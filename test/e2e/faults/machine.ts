import { expect, test } from 'vitest';
import { send } from '../byHand.ts';
import { eventually } from '../client.ts';
import { inMachine, machineContainer, run } from '../stack.ts';
import { other, type Scene, sendChanged, standing, underLoad, versions } from './scene.ts';

/** Machines that are full, restarted, or have another host key */
export function machineFaults(scene: () => Scene): void {
  test('a disk without room for a release is named with free and needed space, and the old release still serves', async () => {
    const refused = await onSmallDisk(scene(), '/var/lib/berth', '4m', () =>
      underLoad(scene(), () => sendChanged(scene(), (entries) => entries)),
    );
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toMatch(
      /error: \/var\/lib\/berth has \d MB free, a release needs 500: remove what is no longer needed/,
    );
  });

  test('a disk that fills while a bundle is received is named, and nothing is left of the bundle', async () => {
    const refused = await underLoad(scene(), () =>
      onSmallDisk(scene(), '/var/lib', '16k', async () => {
        const answer = await sendChanged(scene(), (entries) => entries);
        expect(await inMachine(scene().stack, 'ls /var/lib')).not.toMatch(/berth\./);
        return answer;
      }),
    );
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toContain('No space left on device');
    expect(refused.output).toContain('nothing was done, /var/lib has 0 MB free');
  });

  test('a machine with another host key is refused after five attempts, before anything is sent to it', async () => {
    const { stack } = scene();
    const { version } = await other(scene());
    await stack.configure({ version, env: { A_CHANGE: 'so that a bundle must be sent' } });
    await inMachine(
      stack,
      `cp ${hostKey} /root/; ssh-keygen -qt ed25519 -N "" -f ${hostKey} <<<y; systemctl restart ssh`,
    );
    const cursor = /cursor: (.*)/.exec(await inMachine(stack, 'journalctl --lines 0 --show-cursor'))?.[1];
    const refused = await underLoad(scene(), () => stack.up());
    expect(refused.code, refused.output).toBe(1);
    expect(refused.output).toMatch(/after 5 failed attempts: .*host key mismatch/);
    const traces = () => inMachine(stack, `ls /var/lib; journalctl --no-pager --after-cursor '${cursor}' -u ssh`);
    expect(await traces()).not.toMatch(/berth\.|Accepted/);

    await inMachine(stack, `cp /root/ssh_host_ed25519_key ${hostKey}; systemctl restart ssh`);
    const good = await stack.up();
    expect(good.code, good.output).toBe(0);
    expect(await traces()).toContain('Accepted publickey for berth');
  });

  test("the sizes of the journal and of a container's log are limited", async () => {
    const { stack } = scene();
    const journal = await inMachine(
      stack,
      `where=$(dirname "$(ls /run/log/journal/*/system.journal /var/log/journal/*/system.journal 2>/dev/null | head -n 1)")
       many=600M most=500; [[ $where != /run/* ]] || many=150M most=100
       head -c $many /dev/urandom | base64 --wrap 40000 | systemd-cat -t filling; journalctl --sync
       echo $(($(du -sm "$where" | cut -f 1) <= most)) "$(journalctl -t filling --no-pager --output cat | wc -c)"`,
    );
    expect(journal).toMatch(/^1 \d{8,}\n$/);
    const container = await inMachine(
      stack,
      `image=$(docker inspect --format '{{.Image}}' "$(docker ps --quiet --filter label=berth.service=backend)")
       docker run --detach --name filling --network none --entrypoint sh "$image" -c 'head -c 60000000 /dev/zero | tr "\\0" x | fold -w 1000' >/dev/null
       docker wait filling >/dev/null; du -sm "$(dirname "$(docker inspect --format '{{.LogPath}}' filling)")" | cut -f 1; docker rm filling >/dev/null`,
    );
    expect(Number(container)).toBeGreaterThan(10);
    expect(Number(container)).toBeLessThan(32);
  });

  test('a failure after the switch is reported, the new release serves, and the next try cleans up', async () => {
    const { stack } = scene();
    const { release, version } = await other(scene());
    const inTheWay = '/var/lib/berth/basegun/.current';
    await inMachine(stack, `mkdir ${inTheWay}`);
    const late = await send(release).done;
    expect(late.code, late.output).toBe(1);
    expect(late.output).toMatch(
      /error: step "finish" failed, its last lines:\n.*Is a directory: .*\nrelease \w+ is serving nevertheless/s,
    );
    expect(await versions(scene().site)).toEqual([version, version]);
    await inMachine(stack, `rm -r ${inTheWay}`);
    const tidied = await send(release).done;
    expect(tidied, tidied.output).toMatchObject({ code: 0, output: expect.stringContaining('is live') });
    const former = version === '3.3.0' ? '3.3.1' : '3.3.0';
    expect(tidied.output).toContain(`the former release, ${former}, is kept for a rollback`);
    expect(await inMachine(stack, 'tail -n 2 /var/lib/berth/basegun/history.json')).toContain(
      `"version": "${version}"}\n]\n`,
    );
    expect(await send(release).done).toMatchObject({ code: 0, output: expect.stringContaining('is already live') });
  });

  test('a restarted machine serves the same release, behind both firewalls', async () => {
    const { stack } = scene();
    const { release } = await other(scene());
    expect(await send(release).done).toMatchObject({ code: 0 });
    const before = await standing(scene());
    await run('docker', ['restart', await machineContainer(stack)], process.env);
    const after = await eventually(
      240,
      () => standing(scene()),
      (now) => 'versions' in now && now.versions[0] === before.versions[0],
    );
    expect(after).toEqual(before);
    const tables = await inMachine(stack, 'nft list table inet berth; nft list table inet cloud');
    expect(tables).toMatch(/table inet berth \{.*dport 22.*table inet cloud \{.*dport 22/s);
    expect(await send(release).done).toMatchObject({ code: 0, output: expect.stringContaining('is already live') });
  });
}

const hostKey = '/etc/ssh/ssh_host_ed25519_key';

/**
 * Runs an action while a folder is on a small disk; its subfolders stay on their own disk. What is mounted here is
 * private: otherwise its end would also end the mounts that it shows
 */
async function onSmallDisk<T>(scene: Scene, folder: string, size: string, action: () => Promise<T>): Promise<T> {
  await inMachine(
    scene.stack,
    `set -e; mkdir -p /root/whole; mount --rbind ${folder} /root/whole; mount --make-rprivate /root/whole
     mount -t tmpfs -o size=${size} small ${folder}
     for one in /root/whole/*/; do
       to="${folder}/$(basename "$one")"; mkdir "$to"; mount --rbind "$one" "$to"; mount --make-rprivate "$to"
     done`,
  );
  try {
    return await action();
  } finally {
    await inMachine(scene.stack, `umount --recursive --lazy ${folder}; umount --recursive --lazy /root/whole`);
  }
}
