import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext } from 'vitest';
import type { ContainerStep, Job } from '../../../src/model/job.ts';
import type { Container } from '../../../src/model/service.ts';
import { postgres } from '../../../src/parts/postgres.ts';
import { fileText } from '../../../src/render/template.ts';
import {
  type Answer,
  containerName,
  docker,
  figuresOf,
  folderOf,
  given,
  type Image,
  least,
  ownContainer,
  removed,
  required,
  serviceImage,
  untilHealthy,
} from '../docker.ts';
import { type Certified, certified, secretVolumes } from '../secretFiles.ts';

// A real PostgreSQL, started and asked by the part's own commands, with the rights that a release gives it.

const part = postgres({
  ...{ role: 'database', calledBy: 'web', database: 'shop', user: 'clerk' },
  ...{ password: 'clerkPassword', exporterPassword: 'lookingPassword' },
  backups: { system: 'shop', storage: 's3', env: {}, calendar: '*-*-* 00/3:20' },
});
const { services = [], jobs = [] } = part.roles?.database ?? {};
export const [server, exporter] = services as unknown as readonly [Container, Container];

export const clerkPassword = `a clerk's "own" \\ $HOME`;
export const name = containerName('postgres');
const folder = folderOf({});
export const at = (place: string): string => join(folder, place);
export const scripts = (config: Container['config']) =>
  folderOf(
    Object.fromEntries(
      Object.entries(config?.files ?? {}).map(([file, one]) => [file, 'template' in one ? fileText(one.template) : '']),
    ),
  );
const places: Readonly<Record<string, string>> = { postgres: at('data'), 'postgres-socket': at('socket') };
export const volumes = ({ mounts, config }: Pick<Container, 'mounts' | 'config'>) => [
  ...mounts.flatMap((one) => ('name' in one ? ['--volume', `${places[one.name]}:${one.path}`] : [])),
  ...(config ? ['--volume', `${scripts(config)}:${config.path}:ro`] : []),
];

export let image: Image;
let exporterImage: Image;
export let certificates: Certified;
export async function prepare(): Promise<void> {
  [image, exporterImage, certificates] = await Promise.all([
    serviceImage(server.image),
    serviceImage(exporter.image),
    certified('postgres'),
  ]);
  for (const place of ['data', 'socket', 'scratch']) {
    mkdirSync(at(place));
    chownSync(at(place), 999, 999);
  }
  chmodSync(folder, 0o755);
}
export const tidy = () => docker('rm', '--force', '--volumes', name);

const literals = (env: Container['env']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** Words of `docker run` for a server on the test's data, as a release starts it */
export const serverWords = (found: string, password: string): readonly string[] => [
  ...[...least, '--user', server.user, ...volumes(server)],
  ...secretVolumes(server, certificates.facts),
  ...given({
    ...literals(server.env),
    ...{ POSTGRES_PASSWORD: password, EXPORTER_PASSWORD: 'look' },
  }),
  ...[found, ...(server.command ?? [])],
];

/** Brings a server up with a password, once it is as healthy as its health check says */
export async function up(context: TestContext, password = clerkPassword): Promise<void> {
  const found = required(image, context);
  await removed(name);
  const bounds = ['--detach', '--network', 'none', '--memory', '1g'];
  const made = await docker('run', ...bounds, ...ownContainer('postgres'), ...serverWords(found, password));
  expect(made.code, made.output).toBe(0);
  await untilHealthy(name, server.health?.command);
}

export const asked = (as: 'user' | 'administrator', sql: string) =>
  docker('exec', name, ...(server.prompt?.[as] ?? []), '--no-align', '--tuples-only', '--command', sql);
export const answer = async (as: 'user' | 'administrator', sql: string) => {
  const { code, output } = await asked(as, sql);
  expect(code, output).toBe(0);
  return output.trim();
};
/** Over the network, by a password */
export const login = (
  as: string,
  password: string,
  database: string,
  mode = 'verify-full',
  authority = '/etc/berth-tls/authority.crt',
) =>
  docker(
    ...[
      'exec',
      '--env',
      `PGPASSWORD=${password}`,
      '--env',
      `PGSSLMODE=${mode}`,
      '--env',
      `PGSSLROOTCERT=${authority}`,
      name,
      'psql',
      '--no-align',
      '--tuples-only',
    ],
    ...['--host', '127.0.0.1', '--username', as, '--dbname', database, '--command', 'SELECT 1'],
  );

const steps = (does: string): readonly ContainerStep[] =>
  ((jobs as readonly Job[]).find(({ backup }) => backup?.does === does)?.steps ?? []) as readonly ContainerStep[];
export const dump = steps('take')[0] as ContainerStep;
const load = steps('restore')[1] as ContainerStep;

/** Runs a step beside the server, with its stream fed or read */
export async function step(
  context: TestContext,
  one: ContainerStep,
  env: Readonly<Record<string, string>>,
  stream: readonly [command: string, file: string],
): Promise<Answer> {
  rmSync(at('scratch'), { recursive: true });
  mkdirSync(at('scratch'));
  execFileSync('mkfifo', ['-m', '666', at('scratch/stream')]);
  chmodSync(at('scratch'), 0o777);
  const other = spawn('bash', ['-c', stream[0], 'stream', stream[1]], { cwd: at('scratch') });
  const ended = new Promise<void>((resolve) => other.once('close', () => resolve()));
  try {
    return await docker(
      ...['run', ...ownContainer('postgres-step'), ...least, '--network', 'none', '--user', one.user],
      ...given({ ...literals(one.env), ...env }),
      ...volumes(one),
      ...['--volume', `${at('scratch')}:/scratch`, '--entrypoint', one.entrypoint ?? '', required(image, context)],
      ...(one.command ?? []),
    );
  } finally {
    // A step that failed early may never have opened the stream
    await Promise.race([ended, sleep(2000)]);
    other.kill();
  }
}
export const dumped = at('dump.sql');
export const poured = (env: Readonly<Record<string, string>>, context: TestContext, bytes = '+1') =>
  step(context, load, env, [`touch whole; tail -c ${bytes} "$1" >stream`, dumped]);

/** What an exporter beside the server tells, once it has asked it, by the authority that it trusts */
export async function exporterFigures(
  context: TestContext,
  authority = certificates.authority.certificate,
): Promise<string> {
  const sources = {
    DATA_SOURCE_URI: `${exporter.env.DATA_SOURCE_URI}`.replace('postgres:', '127.0.0.1:'),
    ...{ DATA_SOURCE_USER: 'exporter', DATA_SOURCE_PASS: 'look' },
  };
  const beside = containerName('postgres-exporter');
  await docker(
    ...['run', '--detach', ...ownContainer('postgres-exporter'), ...least, '--network', `container:${name}`],
    ...['--user', exporter.user, ...secretVolumes(exporter, { 'certificates.database.authority': authority })],
    ...[...given(sources), required(exporterImage, context), ...(exporter.command ?? [])],
  );
  return figuresOf(beside, 9187, /^pg_up \d$/m);
}
