import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificateOf } from '../../../../test/certificate.ts';
import { authorityContainer, authorityPage, eventually } from '../../../../test/e2e/client.ts';
import { machineContainer, stdoutOf } from '../../../../test/e2e/stack.ts';
import type { Note, Scene } from './alerts.ts';

const now = () => Date.now() / 1000;
const domain = 'app.lostops.localhost';

/** What people are told before it is too late */
export function ahead(scene: () => Scene, ofAlert: (alert: string, since: number) => Promise<readonly Note[]>): void {
  const told = (alert: string, seconds: number, since: number, over = false) =>
    eventually(
      seconds,
      async () => (await ofAlert(alert, since)).filter(({ title }) => title.startsWith('over: ') === over),
      (found) => found.length > 0,
    );

  test('a disk that fills is told before it is full, and that there is room again', async () => {
    const database = (script: string) => scene().inRole('database', script);
    await makeDisk(await machineContainer(scene().stack, 'database-0'));
    try {
      const since = now();
      await database(
        `head --bytes $(($(stat --file-system --format '%a * %S * 94 / 100' /srv/small))) /dev/zero >/srv/small/data`,
      );
      const [note] = await told('DiskNearlyFull', 150, since);
      const free = await database('stat --file-system --format %a /srv/small');
      expect(Number(free)).toBeGreaterThan(0);
      expect(note).toMatchObject({
        title: expect.stringMatching(/^critical: DiskNearlyFull on lostops-database-0 /),
        text: expect.stringMatching(
          /^the disk at \/srv\/small of lostops-database-0 has \d\.\d+% left, since .* UTC\.\n/,
        ),
      });
      const emptied = now();
      await database('rm /srv/small/data');
      expect(await told('DiskNearlyFull', 120, emptied, true)).toHaveLength(1);
    } finally {
      await database('umount /srv/small && rm /root/small.img');
    }
  });

  test("a site's certificate that ends in five days is told while the site still answers", async () => {
    const { stack, inRole, site } = scene();
    const authority = await authorityContainer(stack);
    const by = {
      certificate: await authorityPage(stack, 'intermediates/0'),
      key: await authorityPage(stack, 'intermediate-keys/0'),
    };
    const { certificate, key } = certificateOf([domain], 5, by);
    const edge = 'docker restart "$(docker ps --quiet --filter name=traefik)"';
    // As it comes to it: the authority has not answered for weeks
    await stdoutOf('docker', ['pause', authority]);
    try {
      const since = now();
      await inRole('app', `${stored(`${certificate}${by.certificate}`, key)}\n${edge}`);
      const [note] = await told('CertificateEndsSoon', 150, since);
      expect(note).toMatchObject({
        title: expect.stringMatching(/^critical: CertificateEndsSoon on lostops-app-0 /),
        text: expect.stringMatching(/^the certificate of app\.lostops\.localhost ends in 4d 23h /),
      });
      // The database is down for a while in another test at the same time
      const answer = await eventually(
        90,
        () => site.getAnew('/health'),
        ({ status }) => status === 200,
      );
      expect(answer).toMatchObject({ status: 200 });
    } finally {
      await stdoutOf('docker', ['unpause', authority]);
      const renewed = now();
      await inRole('app', edge);
      expect(await told('CertificateEndsSoon', 120, renewed, true)).toHaveLength(1);
    }
  });
}

/** Mounts a disk of 64 MB, of a kind that a machine has, at /srv/small */
async function makeDisk(machine: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-disk-'));
  try {
    const image = join(folder, 'small.img');
    execFileSync('truncate', ['--size', '64M', image]);
    execFileSync('mkfs.ext4', ['-q', '-m', '0', image]);
    await stdoutOf('docker', ['cp', image, `${machine}:/root/small.img`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const script = `set -e
    [ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
    for number in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done
    mkdir --parents /srv/small
    mount -o loop /root/small.img /srv/small`;
  await stdoutOf('docker', ['exec', machine, 'bash', '-c', script]);
}

/** Returns a script that replaces the certificate in Traefik's store of the authority */
const stored = (certificate: string, key: string): string => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return `python3 - <<'END'
import glob, json
[path] = glob.glob("/var/lib/berth/lostops/acme/*/acme.json")
with open(path) as file:
    store = json.load(file)
[own] = [one for one in store["acme"]["Certificates"] if one["domain"]["main"] == "${domain}"]
own.update(certificate="${base64(certificate)}", key="${base64(key)}")
with open(path, "w") as file:
    json.dump(store, file)
END`;
};
