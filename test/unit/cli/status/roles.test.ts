import { expect, test } from 'vitest';
import { parsedPing } from '../../../../src/cli/ping/told.ts';
import { statusTable } from '../../../../src/cli/status/reportTable.ts';
import { type RoleMachine, roleGroups } from '../../../../src/cli/status/roles.ts';

interface Own {
  version?: string;
  api?: string;
  since?: string;
  state?: string;
  declared?: string;
  role?: string;
}

const machine = (name: string, own: Own = {}): RoleMachine => {
  const { version = '1.1.0', api = 'v1.1.0', since = '10:00', state = '(healthy)', declared = '1.1.0' } = own;
  const output = [
    ...['clock 1777593600.5', `version ${version}`, `live 2026-05-01T${since}:00Z`],
    `container api|running|Up 2 days ${state}|registry.example.org/mad/mad-api${api.includes('@') ? '' : ':'}${api}`,
    'container traefik|running|Up 9 days|traefik:v3.6.12',
  ].join('\n');
  const answer = {
    kind: 'told',
    told: parsedPing(output),
    clockOffSeconds: 0,
    now: new Date(),
    printed: output,
  } as const;
  return { name, role: own.role ?? 'api', version: declared, answer };
};

const unknown = (name: string, why: string): RoleMachine => ({
  ...{ name, role: 'api', version: '1.1.0' },
  answer: { kind: 'failed', why },
});

/** The table, with two spaces between its columns */
const table = (machines: readonly RoleMachine[]): string =>
  statusTable({
    ...{ stack: 'prod', healthy: true },
    systems: {
      mad: {
        ...{ healthy: true, cloud: 'aws', url: 'https://mad.example.org', problems: [], machines: {}, records: [] },
        ...{ version: { declared: '1.1.0', answers: '1.1.0' }, roles: roleGroups(machines) },
      },
    },
  }).replaceAll(/ {2,}/g, '  ');

test('machines that run the same and are well are one group', () => {
  const fleet = ['mad-api-0', 'mad-api-1', 'mad-api-10', 'mad-api-2'].map((name) => machine(name));
  expect(roleGroups(fleet)).toEqual({
    api: [
      {
        ...{ version: '1.1.0', problems: [], behind: false },
        machines: ['mad-api-0', 'mad-api-1', 'mad-api-2', 'mad-api-10'],
      },
    ],
  });
  expect(table(fleet)).toContain('api at 1.1.0  healthy, 4 of 4: mad-api-0, mad-api-1, mad-api-2, mad-api-10');
});

test('after a release that stopped half way, the summary says which machine runs what, and what is behind', () => {
  const former = { version: '1.0.0', api: 'v1.0.0', since: '09:00' };
  const told = table([machine('mad-api-0'), machine('mad-api-1', former), machine('mad-api-2', former)]);
  expect(told).toContain('api at 1.1.0  healthy, 1 of 3: mad-api-0\n');
  expect(told).toContain('api at 1.0.0  BEHIND, healthy, 2 of 3: mad-api-1, mad-api-2\n');
});

test('a role whose images alone differ is told apart by them: the later one is ahead', () => {
  const groups = roleGroups([machine('mad-api-0', { since: '11:00', api: 'v1.2.0' }), machine('mad-api-1')]);
  expect(groups.api).toMatchObject([
    { version: '1.1.0 mad-api:v1.2.0', machines: ['mad-api-0'], behind: false },
    { version: '1.1.0 mad-api:v1.1.0', machines: ['mad-api-1'], behind: true },
  ]);
});

test('images that a release names by their digests are told apart, and shown with the beginning of it', () => {
  const digest = (digit: string) => `@sha256:${digit.repeat(64)}`;
  const groups = roleGroups([
    machine('mad-api-0', { since: '11:00', api: digest('a') }),
    machine('mad-api-1', { api: digest('b') }),
  ]);
  expect(groups.api).toMatchObject([
    { version: '1.1.0 mad-api@sha256:aaaaaaaaaaaa', machines: ['mad-api-0'], behind: false },
    { version: '1.1.0 mad-api@sha256:bbbbbbbbbbbb', machines: ['mad-api-1'], behind: true },
  ]);
});

test('what all machines run is behind where the stack declares another version', () => {
  const groups = roleGroups(['mad-api-0', 'mad-api-1'].map((name) => machine(name, { declared: '2.0.0' })));
  expect(groups.api).toMatchObject([{ behind: true, machines: ['mad-api-0', 'mad-api-1'] }]);
});

test('machines that are not well, or could not be asked, are groups of their own', () => {
  const sick = machine('mad-api-1', { state: '(unhealthy)' });
  const told = table([machine('mad-api-0'), sick, unknown('mad-api-2', 'another host key')]);
  expect(told).toContain('NOT WELL: api: Up 2 days (unhealthy), 1 of 3: mad-api-1');
  expect(told).toContain('api at an unknown version  NOT WELL: login failed: another host key, 1 of 3: mad-api-2');
});

test('a role of one machine is told where it is behind or not well', () => {
  expect(table([machine('mad-redis-0', { role: 'redis' })])).not.toContain('redis');
  const behind = machine('mad-redis-0', { role: 'redis', version: '1.0.0' });
  expect(table([behind])).toContain('redis at 1.0.0  BEHIND, healthy, 1 of 1: mad-redis-0');
});
