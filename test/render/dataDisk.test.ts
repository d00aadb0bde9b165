import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineImage, required } from './docker.ts';
import { type Machine, startMachine } from './machine.ts';

// A real block device and a real file system, by the release engine's own steps: a disk that is made larger.

const engine = new URL('../../src/hosts/host/', import.meta.url).pathname;
const loops = existsSync('/dev/loop-control') ? readdirSync('/dev').filter((name) => /^loop\d+$/.test(name)) : [];
const devices = ['loop-control', ...loops].flatMap((name) => ['--device', `/dev/${name}`]);
const rights = [
  ...['--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined', '--security-opt', 'seccomp=unconfined'],
  ...[...devices, '--volume', `${engine}:/engine:ro`],
];

let machine: Machine | undefined;
/** May also grow what is mounted, which not every computer allows a container */
let growing: Machine | undefined;
beforeAll(async () => {
  if (loops.length === 0) return;
  machine = await startMachine('data-disk', rights);
  growing = await startMachine('growing-disk', [...rights, '--cap-add', 'SYS_RESOURCE']).catch(() => undefined);
});
afterAll(async () => {
  await machine?.remove();
  await growing?.remove();
});

const steps = `
import sys
from pathlib import Path
sys.path.insert(0, "/engine")
import act, disk_size, steps, tell, volume
from machine import Machine
work = act.Work(Machine("shop", tell.Teller([]), Path("/")), None, None, None, {}, {})
device = sys.argv[2]
if sys.argv[1] == "mount":
    volume.mount(work, steps.Mount("new", (device,)))
elif sys.argv[1] == "grow":
    volume.grow(work, steps.Grow("larger", device))
print(f"unused {disk_size.unused_mb(device)}")
`;

/** @param grow how it is grown, with a file open on it where it is in use */
const script = (grow: string) => `set -eu
printf '#!/bin/sh\\n' >/usr/local/bin/systemctl && chmod +x /usr/local/bin/systemctl
truncate --size 1G /var/tmp/disk
device=$(losetup --find --show /var/tmp/disk)
data=/var/lib/berth/shop/data
trap 'exec 3>&-; umount "$data"; losetup --detach "$device"' EXIT
step() { python3 -IB steps.py "$1" "$device"; }
mb() { df --block-size=1M --output=size "$data" | tail -n 1 | tr -d ' '; }
step mount
echo kept >"$data/kept"
echo "before $(mb)"
truncate --size 3G /var/tmp/disk
losetup --set-capacity "$device"
step look
${grow}
echo "after $(mb)"
cat "$data/kept"
grep -c growfs /etc/fstab`;

const grown = /^unused 0\nbefore 9\d\d\nunused 2048\n(?:.*\n)*unused 0\nafter 2\d\d\d\nkept\n1\n/;

test('of a data disk that was made larger the engine sees what its file system leaves unused, and no more once it was grown', async (context) => {
  required(await machineImage, context);
  if (!machine) return context.skip('this computer has no loop devices');
  const apart = 'umount "$data"; e2fsck -fp "$device" >/dev/null; resize2fs "$device"; mount "$data"; step look';
  const { code, output } = await machine.run(script(apart), { 'steps.py': steps });
  expect(code, output).toBe(0);
  expect(output).toMatch(grown);
});

test('its file system is grown while it is in use', async (context) => {
  required(await machineImage, context);
  if (!growing) return context.skip('this computer lets no container grow a mounted file system (CAP_SYS_RESOURCE)');
  const { code, output } = await growing.run(script('exec 3>"$data/open"; step grow; echo written >&3'), {
    'steps.py': steps,
  });
  expect(code, output).toBe(0);
  expect(output).toMatch(grown);
});
