import { execFileSync } from 'node:child_process';
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
  bufferPoolMb: 1000,
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
  expect(Object.keys(server.config?.files ?? {}).filter((name) => name.endsWith('.sh'))).toEqual(['exporter.sh']);
  const script = fileText('mysql/start.sh');
  const statements = script.split('\n').filter((line) => /^(ALTER|CREATE|GRANT) /.test(line));
  // Each in a line of its own, as the server reads its first file
  expect(statements.every((line) => line.endsWith(';'))).toBe(true);
  for (const user of ["'root'@'localhost'", "'$MYSQL_USER'@'%'", "'exporter'@'%'"])
    expect(statements.join('\n')).toContain(`ALTER USER ${user} IDENTIFIED BY $(quoted `);
});
