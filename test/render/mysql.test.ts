import { afterAll, beforeAll, expect, test } from 'vitest';
import lostops from '../../systems/lostops/system.ts';
import { containerName, docker, folderOf, given, least, ownContainer, required, serviceImage } from './docker.ts';
import { certificates, exporterFigures, login, name, password, prepare, tidy, up, withoutTls } from './mysql/server.ts';
import { certified } from './secretFiles.ts';

beforeAll(prepare);
afterAll(tidy);

test('a client that checks the certificate comes in by TLS, and none comes in without it', async (context) => {
  await up(context);
  const checked = await login('--ssl-ca', '/etc/berth-tls/authority.crt');
  expect(checked.output).toMatch(/^Ssl_version\tTLSv1\.[23]$/m);
  expect(await login(await withoutTls())).toMatchObject({ code: 1, output: expect.stringMatching(/secure.transport/) });
  expect((await docker('logs', name)).output).not.toContain(password);
});

test('jobs and prompts come in by the socket, without TLS', async (context) => {
  required(await serviceImage('docker.io/library/mysql:8.0.43'), context);
  const words = ['--env', 'MYSQL_PWD=root', name, 'mysql', '--socket', '/var/run/mysqld/mysqld.sock', '--user', 'root'];
  const { code, output } = await docker('exec', ...words, '--batch', '--execute', 'SELECT 1');
  expect(code, output).toBe(0);
});

test('its exporter reads its figures by the authority, and by no other', async (context) => {
  expect(await exporterFigures(context, certificates.authority.certificate)).toMatch(/^mysql_up 1$/m);
  const { authority } = await certified('mysql');
  expect(await exporterFigures(context, authority.certificate)).toMatch(/^mysql_up 0$/m);
});

test("PHP's own client, as an application has it, checks the certificate by the file that a release gives it", async (context) => {
  const [{ image = '' } = {}] = lostops.standIns ?? [];
  const found = required(await serviceImage(image), context);
  const other = await certified('mysql');
  const files = folderOf({
    'own.crt': certificates.authority.certificate,
    'other.crt': other.authority.certificate,
    'ask.php': `<?php require '/var/www/html/counter.php'; echo database()->query("SHOW STATUS LIKE 'Ssl_version'")->fetchColumn(1);`,
  });
  const ask = (authority: string) =>
    docker(
      ...['run', ...ownContainer('php'), ...least, '--network', `container:${containerName('mysql')}`],
      ...['--user', '33:33', '--volume', `${files}:/files:ro`],
      ...given({
        ...{ DB_HOST: '127.0.0.1', DB_DATABASE: 'shop', DB_USERNAME: 'clerk', DB_PASSWORD: password },
        MYSQL_ATTR_SSL_CA: authority,
      }),
      ...[found, 'php', '/files/ask.php'],
    );
  expect((await ask('/files/own.crt')).output).toMatch(/TLSv1\.[23]/);
  expect((await ask('/files/other.crt')).output).toContain('certificate verify failed');
  expect((await ask('')).output).toMatch(/secure.transport/);
});
