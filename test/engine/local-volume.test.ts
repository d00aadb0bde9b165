import { afterAll, expect, test } from 'vitest';
import { hostEngine } from '../../src/render/engine.ts';
import { operations } from './engine.ts';
import { describeLocal, machineOf, outputs, type Wanted } from './local-cloud.ts';
import { docker } from './local-docker.ts';

const folder = '/var/lib/berth/shop/data';

describeLocal('a data disk on this computer', (stack) => {
  test('outlives its machine, and ends when nobody declares it any more', async () => {
    const { prefix } = stack();
    await stack().want(withDisk(prefix, 'first'));
    const first = await stack().run('up');
    expect(first.code, first.output).toBe(0);
    const before = await outputs(stack());
    await docker('exec', `${prefix}-database`, 'sh', '-c', `echo kept > ${folder}/file`);

    await stack().want(withDisk(prefix, 'second'));
    const second = await stack().run('up');
    expect(second.code, second.output).toBe(0);
    expect(operations(second)).toMatchObject({ disk: 'same' });
    expect((await outputs(stack())).database?.containerId).not.toBe(before.database?.containerId);
    expect(await docker('exec', `${prefix}-database`, 'cat', `${folder}/file`)).toBe('kept');

    const { database: _, ...withoutMachine } = withDisk(prefix, 'none');
    await stack().want(withoutMachine);
    expect(await stack().run('up')).toMatchObject({ code: 0 });
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${prefix}`)).toBe(`${prefix}-database-data`);
    const { disk: __, ...nothing } = withoutMachine;
    await stack().want(nothing);
    expect(await stack().run('up')).toMatchObject({ code: 0 });
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${prefix}`)).toBe('');
  });
});

describeLocal('a data disk that a machine mounts itself', (stack) => {
  const inside = (script: string) => docker('exec', `${stack().prefix}-database`, 'bash', '-c', script);
  const devices: string[] = [];
  // The kernel would keep them, beyond the machine
  afterAll(() =>
    inside(`umount ${folder} 2>/dev/null; for device in ${devices.join(' ')}; do losetup --detach $device; done`),
  );

  test('is formatted where it is empty, mounted for good, and found in place from then on', async () => {
    await prepare();
    const disk = await newDisk('empty');
    expect(await mountVolume(disk)).toContain('formatting the new data disk');
    expect(await inside(`findmnt -no SOURCE,FSTYPE --mountpoint ${folder}`)).toMatch(new RegExp(`^${disk} +ext4$`));
    expect(await inside(`grep -c '${folder} ext4 defaults,nofail' /etc/fstab`)).toBe('1');
    await inside(`echo kept > ${folder}/file`);
    expect(await mountVolume(disk)).not.toContain('formatting');

    // As after a boot at which it was away
    await inside(`umount ${folder}`);
    expect(await inPlace(disk)).toBe('no');
    expect(await mountVolume(disk)).not.toMatch(/formatting|error/);
    expect(await inside(`cat ${folder}/file`)).toBe('kept');
    expect(await inPlace(disk)).toBe('yes');
    expect(await inside(`grep -c ${folder} /etc/fstab`)).toBe('1');

    expect(await mountVolume(await newDisk('other'))).toContain('another disk than');
    await inside(`umount ${folder}`);
  });

  test('is found under whichever of its names appears', async () => {
    const disk = await newDisk('named');
    const names = `/dev/disk/by-id/virtio-0123 ${disk}`;
    const mounted = await mountVolume(names);
    expect(mounted).toContain(`formatting the new data disk ${disk}`);
    expect(await inside(`findmnt -no SOURCE --mountpoint ${folder}`)).toBe(disk);
    expect([await inPlace(names), await inPlace('/dev/disk/by-id/virtio-0123')]).toEqual(['yes', 'no']);
    await inside(`umount ${folder}`);
  });

  test('is never formatted when there is anything on it, nor mounted over files', async () => {
    const foreign = await newDisk('foreign');
    await inside(`mkswap --quiet ${foreign}`);
    const sum = await inside(`sha256sum ${foreign}`);
    expect(await mountVolume(foreign)).toContain(
      `error: the data disk ${foreign} is neither empty nor ext4 (it has swap)`,
    );
    expect(await inside(`sha256sum ${foreign}`)).toBe(sum);

    const disk = await newDisk('hidden');
    await inside(`chattr -i ${folder}; touch ${folder}/old`);
    expect(await mountVolume(disk)).toContain("has files on the machine's own disk");
    expect(await inside(`wipefs --no-act ${disk}`)).toBe('');
  });

  test('that cannot be found is an error that says so', async () => {
    expect(await mountVolume('/dev/disk/by-id/virtio-0123 /dev/disk/by-id/scsi-0123', 50)).toContain(
      'error: the data disk /dev/disk/by-id/virtio-0123 or /dev/disk/by-id/scsi-0123 was not found after 60 s',
    );
  });

  /** Does the step as a release does; gives what a person reads. A clock that goes fast waits no minute */
  const mountVolume = (devices: string, secondsPerLook = 0) =>
    python(`
import itertools, types, steps, tell, volume
clock = itertools.count(0, ${secondsPerLook})
if ${secondsPerLook}: volume.time = types.SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _: None)
try: volume.mount(types.SimpleNamespace(machine=shop), steps.Mount("", tuple("${devices}".split())))
except tell.Refused as error: print(f"error: {error}")
`);

  const inPlace = (devices: string) =>
    python(`
import look, os
device = next((one for one in "${devices}".split() if look.is_block_device(one)), "")
print("yes" if device and look.mounted_at(shop, shop.data) == os.path.realpath(device) else "no")
`);

  const python = (text: string) =>
    inside(`python3 -I -B - 2>&1 <<'END'
import sys; sys.path.insert(0, "/root/engine")
import machine; from tell import Teller
shop = machine.Machine("shop", Teller([]))
${text}
END`);

  async function prepare(): Promise<void> {
    const { network, database } = withDisk(stack().prefix, 'first');
    if (!network || !database) throw new Error('both are declared');
    await stack().want({ network, database: { ...database, inputs: { ...database.inputs, disks: [] } } });
    const up = await stack().run('up');
    expect(up.code, up.output).toBe(0);
    for (const [name, text] of Object.entries(hostEngine()).filter(([path]) => path.startsWith('engine/')))
      await inside(`mkdir -p /root/engine; base64 -d <<<${Buffer.from(text).toString('base64')} >/root/${name}`);
    // As a release does where its role has a disk
    await inside('apt-get -o Acquire::Retries=5 update -q && apt-get install -q -y e2fsprogs');
    await inside('[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237');
  }

  /** A block device of 64 MB; which number is free the kernel knows for the whole computer */
  async function newDisk(name: string): Promise<string> {
    const device = await inside(
      `truncate --size 64M /var/lib/docker/${name}.img
for number in $(seq 0 63); do
  [ -b /dev/loop$number ] || mknod /dev/loop$number b 7 $number
done
losetup --find --show /var/lib/docker/${name}.img`,
    );
    devices.push(device);
    return device;
  }
});

function withDisk(prefix: string, hostname: string): Record<string, Wanted> {
  const disk = `${prefix}-database-data`;
  return {
    network: { type: 'Network', inputs: { name: prefix } },
    disk: { type: 'Volume', inputs: { name: disk } },
    database: machineOf(prefix, 'database', 10, { hostname, disks: [{ name: disk, folder }] }),
  };
}
