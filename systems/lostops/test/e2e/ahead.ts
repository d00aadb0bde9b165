import { expect, test } from 'vitest';
import { certificateOf } from '../../../../test/certificate.ts';
import { authorityContainer, authorityPage, eventually } from '../../../../test/e2e/client.ts';
import { stdoutOf } from '../../../../test/e2e/stack.ts';
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
      // Traefik asks for a new one once at its start, and again only after a day where the authority did not answer in time
      await inRole(
        'app',
        `for try in 1 2 3 4 5; do ${edge}; for wait in $(seq 20); do sleep 2; ${isNew} && exit; done; done; exit 1`,
      );
      expect(await told('CertificateEndsSoon', 120, renewed, true)).toHaveLength(1);
    }
  });

  test('a disk that fills is told before it is full, one that was mounted after the release too', async () => {
    const { inRole } = scene();
    const since = now();
    await inRole('app', mounted);
    try {
      await inRole('app', `fallocate --length "$(($(df --output=avail ${disk} | tail -1) * 93 / 100))K" ${disk}/most`);
      const [note] = await told('DiskNearlyFull', 150, since);
      expect(note).toMatchObject({
        title: expect.stringMatching(/^critical: DiskNearlyFull on lostops-app-0 /),
        text: expect.stringMatching(/^the disk at \/srv\/filling of lostops-app-0 has \d\.\d+% left/),
      });
      // It is not full yet
      await inRole('app', `dd if=/dev/zero of=${disk}/more bs=1M count=2 status=none`);
      const emptied = now();
      await inRole('app', `rm ${disk}/most ${disk}/more`);
      expect(await told('DiskNearlyFull', 120, emptied, true)).toHaveLength(1);
    } finally {
      await inRole('app', `umount --detach-loop ${disk} || true; rm --force ${image}`);
    }
  });
}

const [image, disk] = ['/var/lib/docker/filling.img', '/srv/filling'];

/** A script that mounts a disk of 200 MB, which lies in a file; the kernel's loop devices are the whole computer's */
const mounted = `[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
for number in $(seq 0 63); do [ -b /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done
truncate --size 200M ${image}
mkfs.ext4 -q -m 0 ${image}
mkdir --parents ${disk}
mount --options loop ${image} ${disk}`;

/** Succeeds where the site's certificate does not end within ten days */
const isNew = `openssl s_client -connect 127.0.0.1:443 -servername ${domain} </dev/null 2>/dev/null | openssl x509 -noout -checkend 864000 >/dev/null`;

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
