import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { asService, type Job } from '../../../src/model/job.ts';
import type { Service } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import type { MachineInput } from '../../../src/render/machine.ts';
import { machineNeeds } from '../../../src/render/needs.ts';
import { container, machineInput, releaseIn, role, source, supervised } from './fixtures.ts';

const app = container({
  port: 80,
  calls: ['cache'],
  env: { KEY: secret('key') },
  secretFiles: { '/etc/shop/ca.pem': secret('ca') },
});
const cache = container({ name: 'cache', rollout: 'replace' });
const migrate: Job = {
  name: 'migrate',
  when: { release: true },
  steps: [
    asService(app, { command: ['migrate', '$HOME'], calls: ['app', 'cache'] }),
    { ...asService(app, { command: ['seed'], calls: [] }), image: 'registry.example/seed:1', memoryMb: 300 },
  ],
  deadlineSeconds: 600,
  onceAcrossMachines: true,
};
const secrets = { key: 'the-key', ca: 'line one\nline two' };

function input(jobs: readonly Job[], own: { services?: readonly Service[]; index?: number } = {}): MachineInput {
  const given = machineInput({ services: own.services ?? [app, cache], secrets });
  return { ...given, role: { ...given.role, jobs }, machine: { ...given.machine, index: own.index ?? 0 } };
}
const entriesOf = (...words: Parameters<typeof input>) => bundle(input(...words)).entries;

test('a job is a compose file of its own, whose services are run by themselves and never again', () => {
  const entries = entriesOf([migrate]);
  const { services, networks } = parse(entries['jobs.yaml'] ?? '');
  expect(Object.keys(services)).toEqual(['job-migrate-1', 'job-migrate-2']);
  expect(services['job-migrate-1']).toMatchObject({
    image: app.image,
    command: ['migrate', '$$HOME'],
    environment: { KEY: 'the-key' },
    user: app.user,
    read_only: true,
    pull_policy: 'never',
    networks: ['base', 'app'],
    labels: { 'berth.system': 'shop', 'berth.job': 'migrate' },
  });
  for (const key of ['restart', 'ports', 'healthcheck']) expect(services['job-migrate-1']).not.toHaveProperty(key);
  // In the colour that the host names
  expect(networks.app).toEqual({ name: `shop-app-\${APP_COLOUR}`, external: true });
  for (const other of ['colours.yaml', 'base.yaml']) expect(entries[other]).not.toContain('migrate');
});

test('steps share a folder that no other job sees', () => {
  const { services } = parse(entriesOf([migrate])['jobs.yaml'] ?? '');
  for (const name of ['job-migrate-1', 'job-migrate-2'])
    expect(services[name].volumes).toContain('/var/lib/berth/shop/jobs/migrate.scratch:/scratch');
});

test('the machine reads when a job runs, how long it may, and what it takes', () => {
  const [job] = releaseIn(entriesOf([migrate])).jobs;
  expect(job).toMatchObject({ name: 'migrate', when: 'release', deadlineSeconds: 600, memoryMb: 300 });
  expect(job?.steps.map(({ service, calls }) => [service, calls])).toEqual([
    ['job-migrate-1', ['app', 'cache']],
    ['job-migrate-2', []],
  ]);
});

test("a job's images are pulled, and its secret files are its user's alone", () => {
  const { images, files } = releaseIn(entriesOf([migrate]));
  expect(images).toEqual(
    [app.image, cache.image, 'registry.example/seed:1'].filter((one, at, all) => all.indexOf(one) === at),
  );
  const [file] = files.filter(({ path }) => /job-migrate-1\/[0-9a-f]{12}\/secret%etc%shop%ca.pem$/.test(path));
  expect(file).toMatchObject({ mode: '0400', owner: app.user });
});

test('what only a job names is waited for, and kept out of what is printed', () => {
  const jobs: readonly Job[] = [
    {
      ...migrate,
      steps: [
        {
          ...migrate.steps[0],
          calls: [],
          env: { TOKEN: secret('key'), URL: ref('buckets.files.endpoint') },
          secretFiles: {},
        },
      ],
    },
  ];
  const { blueprint, machine } = input(jobs);
  const needs = machineNeeds(blueprint, role({ services: [cache], jobs }), machine);
  expect([needs.secrets, needs.refs]).toEqual([['key'], ['buckets.files.endpoint']]);
  expect(entriesOf([migrate], { services: [{ ...app, env: {}, secretFiles: {} }, cache] })['secrets.json']).toContain(
    'the-key',
  );
});

test('a job that runs once across machines is on the first alone', () => {
  expect(releaseIn(entriesOf([migrate], { index: 1 })).jobs).toEqual([]);
  expect(entriesOf([migrate], { index: 1 })).not.toHaveProperty('jobs.yaml');
  expect(releaseIn(entriesOf([{ ...migrate, onceAcrossMachines: false }], { index: 1 })).jobs).toHaveLength(1);
});

test.each<[string, Job, boolean]>([
  ['its image', { ...migrate, steps: [{ ...migrate.steps[0], image: 'registry.example/app:2' }] }, true],
  ['its deadline', { ...migrate, deadlineSeconds: 60 }, true],
  ['nothing', migrate, false],
])('with another service, a job is another one where %s changes', (_, job, changes) => {
  const definitionOf = (one: Job, services?: readonly Service[]) =>
    releaseIn(entriesOf([one], services ? { services } : {})).jobs[0]?.definition;
  const after = definitionOf(job, [{ ...app, memoryMb: 200 }, cache]);
  if (changes) expect(after).not.toBe(definitionOf(migrate));
  else expect(after).toBe(definitionOf(migrate));
});

test('a job on a calendar has a timer in its zone, which makes up for missed runs and asks the live release', () => {
  const nightly: Job = { ...migrate, name: 'backup', when: { calendar: '*-*-* 03:00', zone: 'Europe/Paris' } };
  const entries = entriesOf([nightly]);
  const unit = (kind: string) => entries[`files/etc/systemd/system/berth-job-shop-backup.${kind}`] ?? '';
  expect(unit('timer')).toContain('OnCalendar=*-*-* 03:00 Europe/Paris\n');
  expect(unit('timer')).toContain('Persistent=true\n');
  expect(unit('service')).toContain('engine job /var/lib/berth/shop/current backup\n');
  expect(releaseIn(entries)).toMatchObject({ jobs: [{ when: 'calendar' }] });
  expect(releaseIn(entries).units).toContain('berth-job-shop-backup.timer');
  // On the first machine alone, as the job
  expect(JSON.stringify(entriesOf([nightly], { index: 1 }))).not.toContain('berth-job-shop-backup');
});

test('only a job on a calendar has a timer', () => {
  const jobs: readonly Job[] = [migrate, { ...migrate, name: 'restore', when: { asked: true } }];
  expect(Object.keys(entriesOf(jobs)).filter((path) => path.includes('berth-job-'))).toEqual([]);
  expect(releaseIn(entriesOf(jobs)).jobs.map(({ when }) => when)).toEqual(['release', 'asked']);
});

test('a machine without jobs has no file of them', () => {
  expect(entriesOf([])).not.toHaveProperty('jobs.yaml');
});

test('a call of what is not there, and a name that is taken, are refused by name', () => {
  const calling = (name: string): Job => ({ ...migrate, steps: [{ ...migrate.steps[0], calls: [name] }] });
  expect(() => entriesOf([calling('queue')])).toThrow('job migrate calls queue; its machine has app, cache');
  expect(() => entriesOf([migrate, migrate])).toThrow('job migrate has the name of another job, or of a service');
  expect(() => entriesOf([{ ...migrate, name: 'cache' }])).toThrow('job cache has the name of another job');
});

test('a step that streams takes its memory together with the next, and what may be asked of a job is told', () => {
  const step = (memoryMb: number, streams = false) => ({
    ...asService(cache, { command: ['go'], calls: [], entrypoint: 'sh' }),
    ...{ memoryMb, streams },
  });
  const job: Job = { ...migrate, steps: [step(500), step(200, true), step(400)], parameters: ['INTO'] };
  const entries = entriesOf([job]);
  expect(releaseIn(entries).jobs).toMatchObject([
    { memoryMb: 600, parameters: ['INTO'], steps: [{}, { streams: true }, {}] },
  ]);
  expect(parse(entries['jobs.yaml'] ?? '').services['job-migrate-1']).toMatchObject({ entrypoint: ['sh'] });
});

test('a step of a commit is a program of its build, with a start script for root alone and no container', () => {
  const served = supervised({ env: { DB: secret('key') } });
  const program: Job = { ...migrate, steps: [asService(served, { command: ['venv/bin/alembic', 'upgrade', "it's"] })] };
  const entries = bundle({
    ...machineInput({ services: [served], secrets }),
    role: role({ services: [served], jobs: [program] }),
  }).entries;
  const { jobs, files, builds, packages, images } = releaseIn(entries);
  const [step] = jobs[0]?.steps ?? [];
  expect(step).toMatchObject({ service: 'job-migrate-1', calls: [], program: { user: 'shop-job-migrate-1' } });
  expect(builds.map(({ name }) => name)).toEqual([step?.program?.build]);
  const path = `/etc/berth/shop/job-migrate-1/${step?.definition}/start`;
  expect(files.find((file) => file.path === path)).toMatchObject({ mode: '0600', owner: '0:0' });
  const script = entries[`files${path}`] ?? '';
  expect(script).toContain("export DB='the-key'");
  expect(script).not.toMatch(/export \w+="\$1"/);
  expect(script.trimEnd()).toMatch(
    /--reuid 'shop-job-migrate-1' .* -- '\/srv\/berth\/shop\/builds\/.*\/venv\/bin\/alembic' 'upgrade' 'it'\\''s'$/,
  );
  expect(entries).not.toHaveProperty(['jobs.yaml']);
  expect(entries).not.toHaveProperty(['supervisor/job-migrate-1.conf']);
  expect([packages.filter((name) => /docker/.test(name)), images]).toEqual([[], []]);
});

test('a machine whose jobs alone are of a commit has its build and packages, and no supervisor', () => {
  const program: Job = { ...migrate, steps: [asService(supervised(), { command: ['true'] })] };
  const given = machineInput({ services: [] });
  const { packages, builds, units } = releaseIn(
    bundle({ ...given, role: role({ services: [], jobs: [program] }) }).entries,
  );
  expect(packages).toEqual(expect.arrayContaining(['git', ...source.packages]));
  expect(packages).not.toContain('supervisor');
  expect(units).not.toContain('supervisor.service');
  expect(builds).toHaveLength(1);
});
