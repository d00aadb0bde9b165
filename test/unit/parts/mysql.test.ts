import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Container } from '../../../src/model/service.ts';
import { needsOf } from '../../../src/model/value.ts';
import { mysql } from '../../../src/parts/mysql.ts';
import { fileText } from '../../../src/render/template.ts';

const made = mysql({
  role: 'database',
  calledBy: 'web',
  database: 'shop',
  user: 'clerk',
  password: 'clerkPassword',
  rootPassword: 'rootPassword',
  exporterPassword: 'lookingPassword',
  memoryMb: 2000,
});
const [server, exporter] = (made.roles?.database?.services ?? []) as [Container, Container];

/** What the image's first start would be told, by a password */
function sqlFor(password: string): string {
  const script = `docker_process_sql() { cat; }\n${fileText('mysql/exporter.sh')}`;
  const env = { ...process.env, EXPORTER_PASSWORD: password };
  return execFileSync('bash', ['--norc', '-euc', script], { env, encoding: 'utf8' });
}

test("the exporter's user may look at the server, read its figures, and no more", () => {
  expect(sqlFor('simple')).toBe(
    `CREATE USER 'exporter'@'%' IDENTIFIED BY 'simple' WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'exporter'@'%';
GRANT SELECT ON performance_schema.* TO 'exporter'@'%';
`,
  );
});

test('whatever its password is made of, it stays one text', () => {
  expect(sqlFor(`it's a \\ "$HOME" \`id\``)).toContain(`IDENTIFIED BY 'it''s a \\\\ "$HOME" \`id\`' WITH`);
});

test('it has a certificate for its name, whose key it alone reads; its exporter checks it, and its rule counts as encrypted', () => {
  expect(made.roles?.database?.certificate).toEqual({ services: ['mysql'] });
  expect(needsOf(server).refs).toEqual(
    ['authority', 'certificate', 'key'].map((kind) => `certificates.database.${kind}`),
  );
  expect(needsOf(exporter).refs).toEqual(['certificates.database.authority']);
  expect(Object.keys(server.secretFiles ?? {})).toContain('/etc/berth-tls/server.key');
  expect(made.rules?.map(({ encrypted }) => encrypted)).toEqual([true]);
});

test('each service knows the passwords that it needs, by its environment alone', () => {
  expect(needsOf(server).secrets).toEqual(['clerkPassword', 'lookingPassword', 'rootPassword']);
  expect(needsOf(exporter).secrets).toEqual(['lookingPassword']);
  expect(needsOf([server.command, server.health, server.config, exporter.command]).secrets).toEqual([]);
});

test("it counts as up when its own user's question is answered over TCP, which the server of the first start has not", () => {
  expect(server.health?.command.at(-1)).toContain('--host 127.0.0.1');
  expect(server.health?.command.at(-1)).toContain('SELECT 1');
});

test('it has a time to end in which it can write what is in memory, and is never beside another one', () => {
  expect(server).toMatchObject({ rollout: 'replace', stopSeconds: 120 });
  expect(server.memoryMb).toBeGreaterThan(1000);
});

test('its users are brought to the passwords of the release at each start, by what is no script of its first', () => {
  expect(server.entrypoint).toBeUndefined();
  expect((server.command ?? []).slice(0, 3)).toEqual([...['bash', '/docker-entrypoint-initdb.d/start.bash', 'mysqld']]);
  expect(
    Object.keys(server.config?.files ?? {})
      .filter((name) => name.endsWith('.sh'))
      .sort(),
  ).toEqual(['exporter.sh', 'series.sh']);
  const script = fileText('mysql/start.sh');
  const statements = script.split('\n').filter((line) => /^(ALTER|CREATE|GRANT) /.test(line));
  // Each in a line of its own, as the server reads its first file
  expect(statements.every((line) => line.endsWith(';'))).toBe(true);
  for (const user of ["'root'@'localhost'", "'$MYSQL_USER'@'%'", "'exporter'@'%'"])
    expect(statements.join('\n')).toContain(`ALTER USER ${user} IDENTIFIED BY $(quoted `);
});

test('its memory for data follows from that of its machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-start-'));
  try {
    for (const [name, file] of Object.entries(server.config?.files ?? {}))
      if ('template' in file)
        writeFileSync(join(folder, name), fileText(file.template).replaceAll('/docker-entrypoint-initdb.d', folder));
    writeFileSync(join(folder, 'docker-entrypoint.sh'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const env = { PATH: `${folder}:${process.env.PATH}`, MACHINE_MEMORY_MB: '4000', MYSQL_SERIES: '8.0' };
    const started = execFileSync('bash', [join(folder, 'start.bash'), 'mysqld', '--mysqlx=0'], {
      env,
      encoding: 'utf8',
    });
    expect(started).toBe('mysqld --mysqlx=0 --innodb-buffer-pool-size=1800M\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a release with another series than that of its data is refused by what is checked first, which only reads them', () => {
  expect(server).toMatchObject({ check: ['bash', '/docker-entrypoint-initdb.d/version.bash'], checksData: true });
  const data = mkdtempSync(join(tmpdir(), 'mysql-data-'));
  const check = (series: string) =>
    spawnSync('bash', ['-c', fileText('mysql/version.sh').replaceAll('/var/lib/mysql', data)], {
      env: { PATH: process.env.PATH, MYSQL_SERIES: series },
      encoding: 'utf8',
    });
  try {
    // An empty disk, data of before there was a note, data with one
    expect(check('8.4').status).toBe(0);
    mkdirSync(join(data, 'mysql'));
    expect(check('8.0').status).toBe(0);
    expect(check('8.4')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/are of MySQL 8\.0, and .* 8\.4 .*nothing was changed/),
    });
    writeFileSync(join(data, 'berth.series'), '8.4\n');
    expect(check('8.4').status).toBe(0);
    expect(check('9.4').status).toBe(1);
  } finally {
    rmSync(data, { recursive: true });
  }
});
