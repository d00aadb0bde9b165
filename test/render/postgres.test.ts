import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { docker, least, ownContainer, required } from './docker.ts';
import {
  answer,
  at,
  clerkPassword,
  dump,
  dumped,
  exporterFigures,
  image,
  login,
  name,
  poured,
  prepare,
  scripts,
  server,
  serverWords,
  step,
  tidy,
  up,
} from './postgres/server.ts';
import { certified } from './secretFiles.ts';

beforeAll(prepare);
afterAll(tidy);

test('the application and its exporter come in by TLS alone, each where it has to be', async (context) => {
  await up(context);
  expect(await login('clerk', clerkPassword, 'shop')).toEqual({ code: 0, output: '1\n' });
  expect((await login('clerk', clerkPassword, 'shop', 'disable')).output).toMatch(
    /no pg_hba.conf entry.*no encryption/,
  );
  expect((await login('clerk', 'another', 'shop')).output).toContain('password authentication failed');
  expect((await login('postgres', clerkPassword, 'postgres')).code).not.toBe(0);
  expect(await login('exporter', 'look', 'postgres')).toMatchObject({ code: 0 });
  expect((await login('exporter', 'look', 'shop')).output).toContain('permission denied for database');
  expect((await login('clerk', clerkPassword, 'postgres')).output).toContain('permission denied for database');
  expect(await answer('user', 'SELECT current_user')).toBe('clerk');
  expect(await answer('administrator', 'SELECT current_user')).toBe('postgres');
  const flags = 'rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls';
  expect(
    await answer(
      'administrator',
      `SELECT rolname, ${flags}, rolconnlimit FROM pg_roles WHERE rolname IN ('clerk', 'exporter') ORDER BY 1`,
    ),
  ).toBe('clerk|f|f|f|f|f|-1\nexporter|f|f|f|f|f|3');
  expect((await docker('logs', name)).output).not.toContain(clerkPassword);
});

test('a client by another authority refuses the server', async (context) => {
  required(image, context);
  const { authority } = await certified('postgres');
  await docker('exec', name, 'sh', '-c', `cat >/tmp/other.crt <<'END'\n${authority.certificate}\nEND`);
  const refused = await login('clerk', clerkPassword, 'shop', 'verify-full', '/tmp/other.crt');
  expect(refused.output).toContain('certificate verify failed');
  expect(await exporterFigures(context, authority.certificate)).toMatch(/^pg_up 0$/m);
});

test('its settings follow from the memory that it has', async (context) => {
  required(image, context);
  expect(await answer('administrator', 'SHOW shared_buffers')).toBe('256MB');
  expect(await answer('administrator', 'SHOW effective_cache_size')).toBe('640MB');
});

test('its exporter reads its figures', async (context) => {
  required(image, context);
  const told = await exporterFigures(context);
  // What rules and dashboards name
  expect(told).toMatch(/^pg_up 1$/m);
  for (const figure of ['stat_activity_count', 'settings_max_connections', 'postmaster_start_time_seconds'])
    expect(told).toMatch(new RegExp(`^pg_${figure}\\b`, 'm'));
  for (const figure of ['xact_commit', 'xact_rollback', 'blks_read'])
    expect(told).toMatch(new RegExp(`^pg_stat_database_${figure}\\{`, 'm'));
});

test('killed and started anew with another password it has every row, and the new password alone', async (context) => {
  required(image, context);
  await answer('user', 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number');
  await docker('kill', '--signal', 'KILL', name);
  await up(context, 'another');
  expect(await login('clerk', 'another', 'shop')).toMatchObject({ code: 0 });
  expect((await login('clerk', clerkPassword, 'shop')).output).toContain('password authentication failed');
  expect(await answer('user', 'SELECT count(*) FROM kept')).toBe('1000');
});

test('a second server never runs on the data of one that runs', async (context) => {
  const found = required(image, context);
  const second = await docker('run', ...ownContainer('postgres-second'), ...serverWords(found, 'x'));
  expect(second).toMatchObject({ code: 1, output: expect.stringContaining('another server runs on these data') });
});

test('a dump has every row and says how many, and a restore beside the live database has and counts them', async (context) => {
  required(image, context);
  const odd = `'-- berth rows public.kept 5' || chr(10) || chr(92) || '.' || chr(10) || '-- PostgreSQL database dump complete'`;
  for (const sql of [
    `CREATE TABLE "Odd ( name" (body text)`,
    `INSERT INTO "Odd ( name" VALUES (${odd}), ('COPY public.kept (number) FROM stdin;'), ('-- berth rows public.kept 5')`,
    'CREATE EXTENSION citext',
    'CREATE TABLE parted (a int) PARTITION BY RANGE (a)',
    'CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (10)',
    'INSERT INTO parted SELECT generate_series(0, 9)',
  ])
    await answer('user', sql);
  const taken = await step(context, dump, {}, [`cat stream >"$1"`, dumped]);
  expect(taken, taken.output).toMatchObject({ code: 0 });
  const restored = await poured({ INTO: 'looked_at' }, context);
  expect(restored, restored.output).toMatchObject({
    code: 0,
    output: expect.stringContaining('3 tables with 1013 rows'),
  });
  expect(
    await answer('administrator', "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'looked_at'"),
  ).toBe('clerk');
  const again = await poured({ INTO: 'looked_at' }, context);
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('a database looked_at is there already') });
});

test('the weekly trial leaves nothing but its figure, and one that finds a row too few fails', async (context) => {
  required(image, context);
  const tried = await poured({ TRIED: 'yes', INTO: 'berth_restore_test' }, context);
  expect(tried, tried.output).toMatchObject({
    code: 0,
    output: expect.stringContaining('3 tables with 1013 rows, as when it was taken'),
  });
  expect(readFileSync(at('scratch/figures'), 'utf8')).toMatch(
    /^berth_restore_test_last_success_timestamp_seconds\{system="shop",name="postgres"\} \d+$/m,
  );
  const text = readFileSync(dumped, 'utf8');
  writeFileSync(dumped, text.replace('-- berth rows public.kept 1000', '-- berth rows public.kept 1001'));
  const fewer = await poured({ TRIED: 'yes', INTO: 'berth_restore_test' }, context);
  writeFileSync(dumped, text);
  expect(fewer).toMatchObject({
    code: 1,
    output: expect.stringContaining('table public.kept has 1000 rows, the dump had 1001'),
  });
  expect(await answer('administrator', 'SELECT count(*) FROM pg_database')).toBe('5');
});

test('over the live database all is as it was, and what breaks off is not taken for whole', async (context) => {
  required(image, context);
  await answer('user', 'DELETE FROM kept WHERE number % 2 = 0');
  const shut = await poured({ OVER: 'yes' }, context, '-3000');
  expect(shut.code, shut.output).not.toBe(0);
  expect(shut.output).toContain('restore again');
  const whole = await poured({ OVER: 'yes' }, context);
  expect(whole, whole.output).toMatchObject({
    code: 0,
    output: expect.stringContaining('database shop was restored: 3 tables with 1013 rows'),
  });
  expect(await login('clerk', 'another', 'shop')).toMatchObject({ code: 0 });
  expect(await answer('user', 'SELECT count(*) FROM kept')).toBe('1000');
});

test('data of another major version are refused before anything changes, by what a release checks first', async (context) => {
  const found = required(image, context);
  await docker('stop', name);
  const check = (data: string) =>
    docker(
      'run',
      ...ownContainer('postgres-check'),
      ...least,
      '--network',
      'none',
      '--user',
      server.user,
      '--volume',
      `${scripts(server.config)}:/etc/berth:ro`,
      '--volume',
      `${data}:/var/lib/postgresql/data:ro`,
      found,
      ...(server.check ?? []),
    );
  expect(await check(at('data'))).toMatchObject({ code: 0 });
  writeFileSync(at('data/server/PG_VERSION'), '16\n');
  const refused = await check(at('data'));
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(
    /the data on this disk are of PostgreSQL 16, and 17 can't read them: nothing was changed/,
  );
});
