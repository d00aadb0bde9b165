import type { ProgramStep } from '../model/job.ts';
import { type Process, type Source, variablesOf } from '../model/service.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { buildsFolder, configFolder } from './paths.ts';
import { quoted } from './quoted.ts';
import { searchPath } from './runtimes.ts';
import { templateText } from './template.ts';

/** A program of a step of a job */
export type Program = ProgramStep & { kind: 'program'; name: string };

/** A program of a commit with all values resolved */
export interface ProgramSpec {
  /** User that it runs as */
  user: string;
  /** Name of its build folder */
  build: string;
  /** Start script that root runs; contains secrets, so only root can read it */
  start: string;
  /** Text of secret files by file name, beside the start script; only root can read them */
  secretFiles: Readonly<Record<string, string>>;
}

/** A process with all values resolved, without its colour's port */
export interface ProcessSpec extends ProgramSpec {
  /**
   * Supervisor configuration with `@colour@` and `@port@`; its first line has a placeholder for the definition's hash
   */
  program: string;
}

/** @throws where the user name is longer than Linux allows */
export function processSpec(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
  service: Process,
): ProcessSpec {
  const { user, build, start, secretFiles } = programSpec(input, service);
  return { user, build, start, program: programText(input.blueprint.system, service, '{definition}'), secretFiles };
}

/** @throws as `processSpec` */
export function programSpec(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
  service: Program | Process,
): ProgramSpec {
  const { system } = input.blueprint;
  const build = buildName(service.source);
  const user = userOf(system, service.name);
  const resolved = (values: Process['env'] = {}) =>
    Object.entries(values).map(([name, value]) => [name, resolve(value, input.facts, input.secrets)] as const);
  const files = resolved(service.secretFiles);
  const start = templateText('supervisor/start', {
    service: service.name,
    ...started(service),
    path: searchPath(system, service.source),
    folder: quoted(`${buildsFolder(system)}/${build}/${service.folder}`),
    variables: exports(Object.fromEntries(resolved(variablesOf(service)))),
    own: `${ownFiles}/${user}`,
    files: files.map(([name]) => name).join(' '),
    user: quoted(user),
    command: service.command.map((word, index) => quoted(index === 0 ? program(system, build, word) : word)).join(' '),
  });
  return {
    ...{ user, build, start },
    secretFiles: Object.fromEntries(files.map(([name, content]) => [`secret-${name}`, content])),
  };
}

/** Returns who runs the start script, and with which argument, which also names the folder of its secret files */
const started = (service: Program | Process) =>
  service.kind === 'process'
    ? { by: 'supervisor runs this as root, with the port', port: `export ${service.portVariable}="$1"` }
    : { by: 'the release engine runs this as root', port: '' };

/** Folder (tmpfs) of the secret files of running processes, with a subfolder for each user and port */
const ownFiles = '/run/berth-files';

/** Returns the supervisor configuration of a process; its first line names the definition */
export const programText = (system: string, service: Process, definition: string): string =>
  templateText('supervisor/program.conf', {
    definition,
    program: `${system}-${service.name}`,
    start: `${configFolder(system, service.name)}/${definition}/start`,
    log: `${processLogs(system)}/${service.name}`,
    stopSeconds: `${service.stopSeconds}`,
  });

/** Folder in which supervisor writes the output of processes */
export const processLogs = (system: string): string => `/var/log/berth/${system}/processes`;

/** Returns the name of a build folder; different build settings of one commit give different names */
export const buildName = (source: Source): string => `${source.revision}-${shortHash(JSON.stringify(source), 8)}`;

/** Returns the shell script that builds a source; it contains no secrets */
export const buildScript = (system: string, source: Source): string =>
  [runtimePath(system, source), exports(source.env), ...source.build, '']
    .filter((line, index) => index > 1 || line !== '')
    .join('\n');

const runtimePath = (system: string, source: Source): string =>
  source.runtimes ? `export PATH=${searchPath(system, source)}` : '';

/** User that fetches and builds commits */
export const builderOf = (system: string): string => userOf(system, 'build');

function userOf(system: string, name: string): string {
  const user = `${system}-${name}`;
  if (user.length > 32) throw new Error(`the user ${user} has a longer name than the 32 characters that Linux allows`);
  return user;
}

const program = (system: string, build: string, word: string): string =>
  word.includes('/') && !word.startsWith('/') ? `${buildsFolder(system)}/${build}/${word}` : word;

const exports = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `export ${name}=${quoted(value)}`)
    .join('\n');
