import { type Process, type Source, variablesOf } from '../model/service.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { buildsFolder, configFolder } from './paths.ts';
import { templateText } from './template.ts';

/** What a process is to the machine, but for its colour's port */
export interface ProcessSpec {
  /** Who it runs as */
  user: string;
  /** The folder of its commit, by name */
  build: string;
  /** What supervisor runs, as root: nobody else may read it, for its secrets */
  start: string;
  /** Beside it, root's alone too: file name → text */
  secretFiles: Readonly<Record<string, string>>;
  /** Supervisor's program with `@colour@` and `@port@`; its first line names the definition, given later */
  program: string;
}

/** @throws where the name of the user would be longer than a system allows */
export function processSpec(input: MachineInput, service: Process): ProcessSpec {
  const { system } = input.blueprint;
  const build = buildName(service.source);
  const user = userOf(system, service.name);
  const resolved = (values: Process['env'] = {}) =>
    Object.entries(values).map(([name, value]) => [name, resolve(value, input.facts, input.secrets)] as const);
  const files = resolved(service.secretFiles);
  const start = templateText('supervisor/start', {
    service: service.name,
    folder: quoted(`${buildsFolder(system)}/${build}/${service.folder}`),
    variables: exports(Object.fromEntries(resolved(variablesOf(service)))),
    own: `${ownFiles}/${user}`,
    files: files.map(([name]) => name).join(' '),
    portVariable: service.portVariable,
    user: quoted(user),
    command: service.command.map((word, index) => quoted(index === 0 ? program(system, build, word) : word)).join(' '),
  });
  return {
    ...{ user, build, start, program: programText(system, service, '{definition}') },
    secretFiles: Object.fromEntries(files.map(([name, content]) => [`secret-${name}`, content])),
  };
}

/** Where secret files of processes lie while these run, a folder for each port of a user's: in memory alone */
const ownFiles = '/run/berth-files';

/** Supervisor's file of a process with its definition, which is the first word that it says */
export const programText = (system: string, service: Process, definition: string): string =>
  templateText('supervisor/program.conf', {
    definition,
    program: `${system}-${service.name}`,
    start: `${configFolder(system, service.name)}/${definition}/start`,
    log: `${processLogs(system)}/${service.name}`,
    stopSeconds: `${service.stopSeconds}`,
  });

/** Where supervisor writes what processes print */
export const processLogs = (system: string): string => `/var/log/berth/${system}/processes`;

/** The folder of a commit: one name for one way to build it, so that a changed way is another folder */
export const buildName = (source: Source): string => `${source.revision}-${shortHash(JSON.stringify(source), 8)}`;

/** What builds a source: a script without secrets */
export const buildScript = (source: Source): string =>
  [exports(source.env), ...source.build, ''].filter((line, index) => index > 0 || line !== '').join('\n');

/** The user that fetches and builds */
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

/** One word of a shell, whatever is in it */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
