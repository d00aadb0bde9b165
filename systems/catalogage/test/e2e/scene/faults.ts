import { expect, test } from 'vitest';
import { eventually } from '../../../../../test/e2e/client.ts';
import { followed } from '../../../../../test/e2e/runbook.ts';
import { inMachine, stdoutOf } from '../../../../../test/e2e/stack.ts';
import type { Scene } from './scene.ts';

export const page = 'systems/catalogage/README.md';

/** Faults that nothing else here provokes: the command of each runbook tells them apart */
export function faults(scene: () => Scene): void {
  const machine = (script: string): Promise<string> => inMachine(scene().stack, script);
  const database = (sql: string) =>
    stdoutOf('docker', ['exec', scene().database, 'psql', '--host', '/tmp', '--command', sql, 'postgres']);

  test("a file of somebody else's keeps nginx from starting", async () => {
    await machine("echo 'nonsense;' >/etc/nginx/conf.d/other.conf; systemctl restart nginx.service || true");
    try {
      const { code, said } = await followed(scene().stack, page, 'nginx does not start');
      expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/nginx\.service +does not run/) });
      expect(said).not.toMatch(/\bfile\b|\bprocess\b/);
      expect(await machine('nginx -t 2>&1 || true')).toContain('/etc/nginx/conf.d/other.conf:1');
    } finally {
      await machine('rm /etc/nginx/conf.d/other.conf; systemctl start nginx.service');
    }
  });

  test('a certificate that ends is told, and the next one takes its place', async () => {
    const folder = (
      await machine('dirname /var/lib/berth/catalogage/acme/*/certificates/catalogage/fullchain.pem')
    ).trim();
    await machine(`cd ${folder} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 \\
      -subj /CN=catalogage.localhost -addext subjectAltName=DNS:catalogage.localhost -keyout privkey.pem -out fullchain.pem 2>&1
      systemctl reload nginx.service`);
    const follow = () => followed(scene().stack, page, 'Browsers refuse the certificate');
    const ends = await eventually(10, follow, ({ said }) => said.includes('expires at'));
    expect(ends).toMatchObject({
      code: 1,
      said: expect.stringMatching(/certificate +catalogage\.localhost +expires at /),
    });
    await machine('dehydrated --config /etc/berth/catalogage/acme/config --cron --force');
    const renewed = await eventually(10, follow, ({ said }) => !said.includes('expires at'));
    expect(renewed).toMatchObject({ said: expect.not.stringContaining('expires at') });
  });

  test('a database that is away, and one that has another password, are told apart', async () => {
    const follow = () => followed(scene().stack, page, 'The database is down');
    expect(await follow()).toMatchObject({ code: 0, said: expect.stringMatching(/^\d{4}/m) });
    const away = (await machine('getent hosts db.berth.test')).split(' ')[0];
    await machine(`ip route add unreachable ${away}`);
    try {
      const { code, said } = await follow();
      expect(code).not.toBe(0);
      expect(said).toMatch(/No route to host|Connect call failed/);
    } finally {
      await machine(`ip route delete unreachable ${away}`);
    }
    await database("ALTER ROLE catalogage PASSWORD 'another'");
    try {
      const { code, said } = await follow();
      expect(code).not.toBe(0);
      expect(said).toContain('password authentication failed');
      expect(said).not.toContain(scene().password);
    } finally {
      await database(`ALTER ROLE catalogage PASSWORD '${scene().password}'`);
    }
  });

  test('a disk that is full is named with what is used', async () => {
    const data = '/var/lib/berth/catalogage/data';
    await machine(
      `mkdir -p ${data} && mount -t tmpfs -o size=1m full ${data} && (head -c 2M /dev/zero >${data}/full || true)`,
    );
    try {
      const { code, said } = await followed(scene().stack, page, 'The disk is full');
      expect({ code, said }).toMatchObject({ code: 1, said: expect.stringContaining(`100 % of ${data} is used`) });
    } finally {
      await machine(`umount ${data} && rmdir ${data}`);
    }
  });

  test('which secrets there are is told, with when each was changed and none of their values', async () => {
    const { code, said } = await followed(scene().stack, page, 'A secret has to change');
    expect(code, said).toBe(0);
    for (const name of ['databaseUrl', 'initdata', 'ownCa']) expect(said).toContain(`catalogage/${name}`);
    for (const value of [scene().password, scene().ownCa]) expect(said).not.toContain(value);
  });
}
