import { expect, test } from 'vitest';
import type {
  DockerEngine,
  FoundComputer,
  FoundContainer,
} from '../../../../../../src/clouds/local/provider/computer/found.ts';
import { problemsOfComputer } from '../../../../../../src/clouds/local/provider/computer/problems.ts';
import type {
  ContainerOfComputer,
  WantedOfComputer,
} from '../../../../../../src/clouds/local/provider/computer/wanted.ts';

const owner = 'berth/local/0a1b2c3d';

const machine = (name: string, publish: Readonly<Record<number, number>> = {}): ContainerOfComputer => ({
  ...{ name, memoryMb: 512, diskMb: 1024 },
  publish: Object.entries(publish).map(([port, hostPort]) => ({ machinePort: Number(port), hostPort })),
});

const wanted = (own: Partial<WantedOfComputer> = {}): WantedOfComputer => ({
  ...{ owner, file: 'Pulumi.local.yaml', images: [], imagesMb: 0 },
  containers: [machine('basegun-web-0', { 80: 8080, 443: 8443 }), machine('basegun-api-0')],
  ...own,
});

const engine = (own: Partial<DockerEngine> = {}): DockerEngine => ({
  ...{ version: '20.10.24+dfsg1', apiVersion: '1.41', os: 'linux', limitsCpus: true, containers: [], absentImages: [] },
  ...own,
});

const found = (own: Partial<FoundComputer> = {}): FoundComputer => ({
  ...{ docker: engine(), taken: [], memoryMb: 1024, disk: { folder: '/var/lib/docker', freeMb: 2048 } },
  ...own,
});

const container = (own: Partial<FoundContainer>): FoundContainer => ({ name: 'any', runs: true, ports: [], ...own });

/** A machine of this very stack */
const ownMachine = (resource: string, own: Partial<FoundContainer> = {}): FoundContainer =>
  container({ name: `berth-local-abcdef-${resource}`, owner, resource, ...own });

const paths = (what: WantedOfComputer, there: FoundComputer) => problemsOfComputer(what, there).map(({ path }) => path);
const only = (what: WantedOfComputer, there: FoundComputer) => {
  const [problem, ...others] = problemsOfComputer(what, there);
  expect(others).toEqual([]);
  return problem;
};

test('where there is exactly enough of everything, nothing is said', () => {
  expect(problemsOfComputer(wanted(), found())).toEqual([]);
});

test('everything that stands in the way is told at once', () => {
  const there = found({
    docker: engine({ absentImages: ['berth/machine:1'], apiVersion: '1.40', version: '19.03.15', limitsCpus: false }),
    taken: [{ port: 8080 }, { port: 8443 }],
    ...{ memoryMb: 1000, disk: { folder: '/var/lib/docker', freeMb: 2000 } },
  });
  expect(paths(wanted(), there)).toEqual([
    ...['docker', 'docker', 'port 8080 of 127.0.0.1', 'port 8443 of 127.0.0.1', 'memory'],
    ...['disk of /var/lib/docker', "docker's images"],
  ]);
});

test('a docker that is away hides no other problem', () => {
  const docker = { obstacle: 'no docker engine answers' };
  const problems = problemsOfComputer(wanted(), found({ docker, taken: [{ port: 8443 }], memoryMb: 1 }));
  expect(problems[0]).toEqual({ path: 'docker', message: 'no docker engine answers' });
  expect(problems.slice(1).map(({ path }) => path)).toEqual(['port 8443 of 127.0.0.1', 'memory']);
});

test.for([
  ['a process that can be seen', { name: 'nginx', pid: 4711 }, 'nginx (pid 4711)', 'stop it (kill 4711)'],
  ["another user's process", { uid: 33 }, 'a process of the user with the id 33', "sudo ss -tlnp 'sport = :8443'"],
  ['nobody knows what', undefined, 'a process of another user', "sudo ss -tlnp 'sport = :8443'"],
] as const)('a port is taken by %s', ([, by, who, stop]) => {
  const problem = only(wanted(), found({ taken: [{ port: 8443, ...(by && { by }) }] }));
  expect(problem).toMatchObject({
    path: 'port 8443 of 127.0.0.1',
    message: `is in use by ${who}, and basegun-web-0 is to publish its port 443 there`,
    allowed: 'a port on which nothing listens',
  });
  expect(problem?.fix).toContain(stop);
  expect(problem?.fix).toContain('or choose another port under "publish" in Pulumi.local.yaml');
});

test('a port is taken by a container, which is named in place of the process that docker keeps for it', () => {
  const taken = [{ port: 8443, by: { name: 'docker-proxy', pid: 12 } }];
  const of = (own: Partial<FoundContainer>) =>
    only(wanted(), found({ taken, docker: engine({ containers: [container({ ports: [8443], ...own })] }) }));
  expect(of({ name: 'shop' })?.message).toMatch(/^is in use by docker's container shop, /);
  expect(of({ name: 'shop' })?.fix).toMatch(/^stop it \(docker stop shop\), or choose/);
  const other = of({ name: 'berth-local-123456-basegun-web-0', owner: 'berth/local/99999999' });
  expect(other?.message).toMatch(
    /^is in use by berth-local-123456-basegun-web-0 of another stack \(berth\/local\/99999999\), /,
  );
  expect(other?.fix).toMatch(/^remove that stack where it was deployed, or choose/);
});

test('a port is taken by a container that docker serves without a process of its own', () => {
  const containers = [container({ name: 'shop', ports: [8080] })];
  expect(paths(wanted(), found({ docker: engine({ containers }) }))).toEqual(['port 8080 of 127.0.0.1']);
  const stopped = containers.map((one) => ({ ...one, runs: false }));
  expect(paths(wanted(), found({ docker: engine({ containers: stopped }) }))).toEqual([]);
});

test('a second run over a deployment: its ports are its own, and what it runs on is not asked for again', () => {
  const containers = [ownMachine('basegun-web-0', { ports: [8080, 8443] }), ownMachine('basegun-api-0')];
  const taken = [8080, 8443].map((port) => ({ port, by: { name: 'docker-proxy', pid: port } }));
  const there = found({ docker: engine({ containers }), taken, memoryMb: 0, disk: { folder: '/', freeMb: 0 } });
  expect(problemsOfComputer(wanted(), there)).toEqual([]);
  // The same by another stack
  const foreign = containers.map((one) => ({ ...one, owner: 'berth/local/99999999' }));
  expect(paths(wanted(), { ...there, docker: engine({ containers: foreign }) })).toHaveLength(4);
});

test('what a docker that is away has left running may be the stack itself', () => {
  const docker = { obstacle: 'no docker engine answers' };
  const taken = [{ port: 8443, by: { name: 'docker-proxy', pid: 12 } }];
  expect(paths(wanted(), found({ docker, taken }))).toEqual(['docker']);
});

test('only what does not run yet needs memory, and only what is not there yet needs disk', () => {
  const containers = [ownMachine('basegun-web-0', { runs: false })];
  const there = { docker: engine({ containers }), memoryMb: 1023, disk: { folder: '/srv/docker', freeMb: 1023 } };
  expect(problemsOfComputer(wanted(), found(there))).toEqual([
    {
      path: 'memory',
      message: '1023 MB are available, and basegun-web-0, basegun-api-0 will use 1024 MB once they run',
      allowed: '1024 MB and more',
      fix: 'stop other programs, remove another stack, or declare fewer machines',
    },
    {
      path: 'disk of /srv/docker',
      message: '1023 MB are free, and basegun-api-0 will use 1024 MB',
      allowed: '1024 MB and more',
      fix: "remove unused data (docker system df shows docker's), or remove another stack",
    },
  ]);
});

test('images that are still to be made need disk too', () => {
  const problem = only(wanted({ imagesMb: 1 }), found());
  expect(problem?.message).toMatch(/and the images that are to be built, basegun-web-0, basegun-api-0 will use/);
});

test('what is not known of a docker in a machine of its own is not judged', () => {
  expect(problemsOfComputer(wanted(), { docker: engine(), taken: [] })).toEqual([]);
});

test.for([
  [
    { apiVersion: '1.40', version: '19.03.15' },
    '19.03.15 is too old for machines that boot systemd',
    '20.10 and later',
  ],
  [{ os: 'windows' }, 'runs containers of windows', 'linux'],
  [{ limitsCpus: false }, /^can't limit the processors of a container/, /CONFIG_CFS_BANDWIDTH/],
] as const)('docker that can not have machines is refused: %s', ([own, message, allowed]) => {
  const problem = only(wanted(), found({ docker: engine(own) }));
  expect(problem?.path).toBe('docker');
  expect(problem?.message).toMatch(message);
  expect(problem?.allowed).toMatch(allowed);
});

test('images that somebody has removed are named, with what makes them again', () => {
  const docker = engine({ absentImages: ['berth/machine:1', 'berth/acme:2'] });
  expect(only(wanted(), found({ docker }))).toEqual({
    path: "docker's images",
    message: 'berth/machine:1, berth/acme:2 are missing',
    fix: 'run npx berth local, which builds them',
  });
});
