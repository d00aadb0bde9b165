import { dirname } from 'node:path';
import type { Finding, Place } from '../../new/finding.ts';
import { isSecretName } from '../../new/names.ts';
import type { Files } from '../files.ts';
import { type Found, type FoundHost, hasPassword, hidden, type Setting } from '../found.ts';
import { isVault, yamlFile } from '../yamlFile.ts';
import { groupsOf, type Inventory, type Variables } from './groups.ts';
import { iniInventory } from './ini.ts';
import { jumpIn, passwordNames, privateNames } from './login.ts';
import { filled } from './template.ts';
import { variablesByHost } from './variables.ts';
import { yamlInventory } from './yaml.ts';

export interface AnsibleInput {
  /** File of the inventory, or its folder */
  inventory: string;
  /** Folder of the playbook, which may have group_vars too */
  playbookFolder?: string | undefined;
  /** Files of variables for all hosts, as `ansible-playbook -e @FILE` has them */
  variables: readonly string[];
}

/** Returns the hosts of an inventory and what its variables say */
export function ansibleFound(input: AnsibleInput, files: Files): Found {
  const path = inventoryFile(input.inventory, files);
  const text = files.text(path);
  if (text === undefined) return nothing({ file: input.inventory, line: 1 }, 'is not there');
  const inventory = inventoryIn(text, path);
  const folders = [...new Set([...(input.playbookFolder === undefined ? [] : [input.playbookFolder]), dirname(path)])];
  const { of, findings } = variablesByHost(inventory, files, { folders, extra: input.variables });
  const missing = input.variables.filter((file) => files.text(file) === undefined);
  const read = Object.keys(inventory.hosts).map((name) => hostOf(inventory, name, of(name)));
  const hosts = read.flatMap(({ host }) => host ?? []);
  const isEmpty = hosts.length === 0 && inventory.findings.length === 0;
  return {
    hosts,
    settings: settingsOf(read.map(({ host, settings }) => ({ host: host?.name, settings }))),
    registries: {},
    findings: [
      ...inventory.findings,
      ...(isEmpty ? nothing({ file: path, line: 1 }, 'names no host that is logged in to').findings : []),
      ...missing.map((file): Finding => ({ kind: 'refused', at: { file, line: 1 }, what: 'is not there' })),
      ...findings,
      ...read.flatMap((one) => one.findings),
    ],
  };
}

const nothing = (at: Place, what: string): Found => ({
  ...{ hosts: [], settings: [], registries: {} },
  findings: [{ kind: 'refused', at, what }],
});

/** The file of an inventory that is given as its folder */
function inventoryFile(path: string, files: Files): string {
  const names = ['hosts', 'hosts.yml', 'hosts.yaml', 'hosts.ini', 'inventory', 'inventory.yml', 'inventory.ini'];
  return files.list(path)?.find((file) => names.some((name) => file.endsWith(`/${name}`))) ?? path;
}

function inventoryIn(text: string, file: string): Inventory {
  const refused = (what: string, way: string): Inventory => ({
    ...{ groups: {}, hosts: {} },
    findings: [{ kind: 'refused', at: { file, line: 1 }, what, way }],
  });
  const list = 'give what `ansible-inventory -i <it> --list` prints: it has the hosts';
  if (isVault(text)) return refused('is encrypted by ansible-vault', list);
  if (text.startsWith('#!')) return refused('is a program that prints an inventory', list);
  if (/\.(?:ya?ml|json)$/.test(file) || /^\s*(?:\{|---|\w[\w-]*:\s*$)/.test(text))
    return yamlInventory(yamlFile(text, file));
  return iniInventory(text, file);
}

interface ReadHost {
  host?: FoundHost;
  settings: readonly (Omit<Setting, 'hosts'> & { host: string })[];
  findings: readonly Finding[];
}

function hostOf(inventory: Inventory, name: string, variables: Variables): ReadHost {
  const at = inventory.hosts[name]?.at ?? { file: name, line: 1 };
  const text = (...names: readonly string[]): string | undefined => {
    const found = names.find((one) => variables[one] !== undefined);
    const value = found === undefined ? undefined : filled(variables[found]?.value, variables);
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined;
  };
  const kind = text('ansible_connection') ?? 'ssh';
  if (kind === 'local') {
    const what = `${name} is the computer that runs Ansible`;
    return { settings: [], findings: [{ kind: 'left', at, what }] };
  }
  const findings: Finding[] = [];
  if (!/^(?:ssh|smart|paramiko(?:_ssh)?)$/.test(kind))
    findings.push({ kind: 'refused', at, what: `${name} is reached by ${kind}, and berth logs in over SSH` });
  const proxy = jumpIn([text('ansible_ssh_common_args'), text('ansible_ssh_extra_args')].join(' '));
  if (proxy === null) {
    const way = 'give it as ProxyJump=user@host, or write `proxy` of the host by hand';
    findings.push({ kind: 'left', at, what: `${name} is reached by a ProxyCommand that is not ssh -W`, way });
  }
  for (const [secret, variable] of Object.entries(variables)) {
    if (!passwordNames.test(secret)) continue;
    const way = "accept the stack's deploy key for the user, and let it use sudo without a password";
    findings.push({ kind: 'left', at: variable.at, what: `${secret} of ${name}: berth logs in by key alone`, way });
  }
  const [user, port, privateAddress] = [
    text('ansible_user', 'ansible_ssh_user'),
    text('ansible_port', 'ansible_ssh_port'),
    text(...privateNames),
  ];
  const host: FoundHost = {
    ...{ name, at, groups: groupsOf(inventory, name).filter((group) => group !== 'all') },
    address: text('ansible_host', 'ansible_ssh_host') ?? name,
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
    ...(privateAddress !== undefined && { privateAddress }),
    ...(proxy && { proxy }),
  };
  const settings = Object.entries(variables)
    .filter(([one]) => !one.startsWith('ansible_') && !privateNames.includes(one))
    .map(([one, { value, at: place }]) => ({
      host: name,
      name: one,
      at: place,
      value: shownValue(one, value, variables),
    }));
  return { host, settings, findings };
}

/** Secrets are hidden even where they stand in clear */
function shownValue(name: string, value: unknown, variables: Variables): unknown {
  const full = filled(value, variables);
  const isPlain = typeof full === 'boolean' || typeof full === 'number' || full === undefined || full === '';
  const isSecret = isSecretName(name) || (typeof full === 'string' && hasPassword(full));
  return !isPlain && isSecret ? hidden : full;
}

/** Joins what several hosts say alike */
function settingsOf(read: readonly { host: string | undefined; settings: ReadHost['settings'] }[]): readonly Setting[] {
  const found = new Map<string, Setting>();
  for (const { settings } of read)
    for (const { host, ...setting } of settings) {
      const key = `${setting.name} ${setting.at.file}:${setting.at.line}`;
      const former = found.get(key);
      found.set(key, { ...setting, hosts: [...(former?.hosts ?? []), host] });
    }
  return [...found.values()];
}
