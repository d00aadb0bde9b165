import { dirname, join } from 'node:path';
import type { Place } from '../finding.ts';
import {
  extended,
  listed,
  over,
  type ParsedFile,
  parsed,
  type RawFile,
  type RawService,
  type ReadFile,
  refused,
} from './document.ts';
import { merged, rebased, recordOf } from './merge.ts';
import { type Variables, variablesFile } from './variables.ts';

export interface ComposeFile {
  /** Its name, for messages */
  file: string;
  text: string;
}

/**
 * Reads Compose files after the Compose specification: anchors and merge keys, variables, `extends`, `include`. Of several
 * files each comes over those before it.
 * @throws RefusedError for a file that is no YAML, for files without services, and for what is not there
 */
export function readCompose(files: readonly ComposeFile[], read: ReadFile, variables: Variables): RawFile {
  const found = readAll(files, { read, variables, folder: '.', above: [] });
  const [first] = files;
  if (found.services.length === 0 && first) throw refused({ file: first.file, line: 1 }, 'has no services');
  return found;
}

interface Where {
  read: ReadFile;
  variables: Variables;
  /** Folder of the files, from that of the first one */
  folder: string;
  /** Files that lead here by `include` */
  above: readonly string[];
}

/** Reads files of one folder, and what they include */
function readAll(files: readonly ComposeFile[], where: Where): RawFile {
  const { read, variables, folder, above } = where;
  const all = files.map(({ text, file }) => parsed(text, file, variables));
  const services = new Map<string, RawService>();
  const secrets: string[] = all.flatMap((one) => one.secrets);
  for (const one of all) {
    for (const service of one.services) {
      const own = extended(service, one, { read, variables, folder, above: [] });
      const at = { ...own, data: rebased(own.data, folder) };
      const base = services.get(service.name);
      services.set(service.name, base ? over(base, at) : at);
    }
  }
  for (const { one, data, at } of all.flatMap((one) => one.includes.map((entry) => ({ one, ...entry })))) {
    const included = includedBy(one, data, at, { ...where, above: [...above, one.file] });
    for (const service of included.services) {
      if (services.has(service.name)) throw twice(at, service.name);
      services.set(service.name, service);
    }
    secrets.push(...included.secrets);
  }
  const whole = [...services.values()].map((service) => ({ ...service, data: merged({}, service.data) }));
  return { services: whole, secrets: [...new Set(secrets)] };
}

const twice = (at: Place, name: string): Error =>
  refused(at, `includes a service ${name}, which is there already`, 'give one of them another name');

function includedBy(from: ParsedFile, data: unknown, at: Place, where: Where): RawFile {
  const entry = typeof data === 'string' ? { path: data } : recordOf(data);
  const files = listed(entry.path).map((path) => {
    const file = join(where.folder, String(path));
    if (where.above.includes(file)) throw refused(at, `${from.file} includes itself`);
    const text = where.read(file);
    if (text === undefined) throw refused(at, `includes a file that is not there: ${file}`);
    return { file, text };
  });
  const [first] = files;
  if (!first) throw refused(at, 'includes no file');
  const given = entry.project_directory;
  const folder = given === undefined ? dirname(first.file) : join(where.folder, String(given));
  const named = listed(entry.env_file).map((path) => join(where.folder, String(path)));
  const own = (named.length > 0 ? named : [join(folder, '.env')]).map((path) => variablesFile(where.read(path) ?? ''));
  // What is set for all of the project wins
  const variables = Object.assign({}, ...own, where.variables);
  return readAll(files, { ...where, folder, variables });
}
