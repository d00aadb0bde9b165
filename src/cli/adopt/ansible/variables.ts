import { basename, join } from 'node:path';
import type { Finding } from '../../new/finding.ts';
import type { Files } from '../files.ts';
import { isVault, yamlFile } from '../yamlFile.ts';
import { groupsOf, type Inventory, type Variables } from './groups.ts';
import { variablesAt } from './yaml.ts';

export interface ReadVariables {
  variables: Variables;
  findings: readonly Finding[];
}

/** Reads what `group_vars/<name>` or `host_vars/<name>` holds: a file, or a folder of files */
export function variablesOf(files: Files, folder: string, name: string): ReadVariables {
  const path = join(folder, name);
  const paths = [...['', '.yml', '.yaml', '.json'].map((end) => `${path}${end}`), ...(files.list(path) ?? [])];
  return joined(paths.filter((one) => !/~$|\.(?:bak|orig|swp)$/.test(one)).map((one) => variablesIn(files, one)));
}

/** Reads a file of variables; one that ansible-vault encrypted as a whole is named, and not read */
export function variablesIn(files: Files, path: string): ReadVariables {
  const text = files.text(path);
  if (text === undefined) return { variables: {}, findings: [] };
  if (isVault(text)) {
    const what = `${basename(path)} is encrypted by ansible-vault as a whole: neither names nor values are read`;
    const way =
      '`ansible-vault view` shows them; the secrets of the system are below, each with the command that sets it';
    return { variables: {}, findings: [{ kind: 'left', at: { file: path, line: 1 }, what, way }] };
  }
  const { data, at, findings } = yamlFile(text, path);
  return { variables: variablesAt(data, at), findings };
}

const joined = (all: readonly ReadVariables[]): ReadVariables => ({
  variables: Object.assign({}, ...all.map(({ variables }) => variables)),
  findings: all.flatMap(({ findings }) => findings),
});

export interface VariableFolders {
  /** Folders with group_vars and host_vars, the weakest first: that of the playbook, then that of the inventory */
  folders: readonly string[];
  /** Files of variables for all hosts, which override everything else */
  extra: readonly string[];
}

/** Returns a function that gives the variables of a host, as Ansible overrides them, and everything found on the way */
export function variablesByHost(
  inventory: Inventory,
  files: Files,
  { folders, extra }: VariableFolders,
): { of(host: string): Variables; findings: readonly Finding[] } {
  const read = (kind: string, name: string) => folders.map((folder) => variablesOf(files, join(folder, kind), name));
  const names = new Set(Object.keys(inventory.hosts).flatMap((host) => groupsOf(inventory, host)));
  const groups = Object.fromEntries([...names].map((name) => [name, joined(read('group_vars', name))]));
  const hosts = Object.fromEntries(Object.keys(inventory.hosts).map((host) => [host, joined(read('host_vars', host))]));
  const given = joined(extra.map((path) => variablesIn(files, path)));
  const all = [...Object.values(groups), ...Object.values(hosts), given];
  return {
    findings: all.flatMap(({ findings }) => findings),
    of: (host) =>
      Object.assign(
        {},
        ...groupsOf(inventory, host).flatMap((name) => [inventory.groups[name]?.variables, groups[name]?.variables]),
        ...[inventory.hosts[host]?.variables, hosts[host]?.variables, given.variables],
      ),
  };
}
