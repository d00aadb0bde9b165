import { expect, test } from 'vitest';
import { backupOptions } from '../../../src/config/backupFields.ts';
import type { ContainerStep } from '../../../src/model/job.ts';
import type { Container } from '../../../src/model/service.ts';
import { needsOf } from '../../../src/model/value.ts';
import { postgres } from '../../../src/parts/postgres.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { machineInput } from '../render/fixtures.ts';

const input = {
  ...{ role: 'database', calledBy: 'web', database: 'shop', user: 'clerk' },
  ...{ password: 'clerkPassword', exporterPassword: 'lookingPassword' },
};
const made = postgres(input);
const [server, exporter] = (made.roles?.database?.services ?? []) as [Container, Container];

test('only the role that calls it reaches the server, and nobody its exporter until somebody watches', () => {
  expect(made.rules).toEqual([expect.objectContaining({ from: { role: 'web' }, to: 'database', port: 5432 })]);
  expect(made.exporters).toEqual([expect.objectContaining({ job: 'postgres', port: 9187 })]);
});

test('it has a certificate for its name, whose key it alone reads; its exporter checks it, and its rule counts as encrypted', () => {
  expect(made.roles?.database?.certificate).toEqual({ services: ['postgres'] });
  expect(needsOf(server).refs).toEqual(
    ['authority', 'certificate', 'key'].map((kind) => `certificates.database.${kind}`),
  );
  expect(needsOf(exporter).refs).toEqual(['certificates.database.authority']);
  expect(Object.keys(server.secretFiles ?? {})).toContain('/etc/berth-tls/server.key');
  expect(made.rules?.map(({ encrypted }) => encrypted)).toEqual([true]);
});

test('each service knows the passwords that it needs, by its environment alone', () => {
  expect(needsOf(server).secrets).toEqual(['clerkPassword', 'lookingPassword']);
  expect(needsOf(exporter).secrets).toEqual(['lookingPassword']);
  for (const { env: _, ...rest } of [server, exporter]) expect(needsOf(rest).secrets).toEqual([]);
});

test('it is never beside another one, and ends connections before it writes what is in memory', () => {
  expect(server).toMatchObject({ rollout: 'replace', stopSignal: 'SIGINT', stopSeconds: 120 });
});

test('it may use all memory of its machine, and its check reads its data without a way to change them', () => {
  const { entries } = bundle(
    machineInput({
      services: [server],
      secrets: { clerkPassword: 'a', lookingPassword: 'b' },
      facts: Object.fromEntries(needsOf(server).refs.map((path) => [path, path])),
    }),
  );
  expect(entries['base.yaml']).not.toContain('mem_limit');
  const check = entries['check.yaml'] ?? '';
  const mounted = check.split('\n').filter((line) => line.includes('/var/lib/postgresql/data'));
  expect(mounted).toEqual([expect.stringMatching(/:\/var\/lib\/postgresql\/data:ro"?$/)]);
});

test('without backups it has no jobs; with them they dump and load as the administrator, who has no password', () => {
  expect(made.roles?.database?.jobs).toBeUndefined();
  const backed = postgres({ ...input, backups: { system: 'shop', ...backupOptions.parse({}) } });
  const jobs = backed.roles?.database?.jobs ?? [];
  expect(jobs.map(({ name }) => name)).toContain('try-restore-postgres');
  const own = jobs
    .flatMap(({ steps }) => steps as readonly ContainerStep[])
    .filter(({ image }) => image === server.image);
  expect(own.length).toBeGreaterThan(3);
  expect(needsOf(own).secrets).toEqual([]);
});
