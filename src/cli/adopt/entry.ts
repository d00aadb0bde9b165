import type { Finding } from '../new/finding.ts';
import { neededSecrets } from './completed.ts';
import type { Found } from './found.ts';
import { adoptedMachine, type Known } from './machines.ts';
import { optionFields, saidOptions } from './options.ts';
import type { Placed } from './places.ts';
import { type Meant, meantSettings } from './settings.ts';

/** A system's part of an environment file */
export interface Entry {
  system: string;
  options: Readonly<Record<string, unknown>>;
  /** Secrets by their name in the system, each with the setting that it was */
  secrets: Readonly<Record<string, string>>;
  /** Descriptions of the secrets that the system asks for, by name */
  needed: Readonly<Record<string, string>>;
  findings: readonly Finding[];
}

/** Name of a registry login's password among the secrets of a system */
const registryPassword = 'registryPassword';

/**
 * Returns the entry of a system on machines that exist
 * @param cloud that adopts them
 */
export function entryOf(cloud: string, placed: Placed, { settings, registries }: Found, known: Known): Entry {
  const { system, roles } = placed;
  const { decides } = optionFields(system);
  const machines = Object.entries(roles).map(([role, hosts]) => {
    const adopted = hosts.map((host) => adoptedMachine(host, known));
    const { option = role } = system.roles[role] ?? {};
    return {
      option,
      hosts: adopted.map(({ machine }) => machine),
      findings: adopted.flatMap(({ findings }) => findings),
    };
  });
  const blocks = Object.fromEntries(machines.map(({ option, hosts }) => [option, { hosts }]));
  const start = {
    ...(decides?.values.includes('acme') && { [decides.name]: 'acme' }),
    ...saidOptions(system, known.options),
  };
  const without = meantSettings(placed, settings, []);
  const needed = neededSecrets(system, withFits({ ...start, ...blocks }, without));
  const meant = meantSettings(placed, settings, Object.keys(needed));
  const logins = Object.fromEntries(
    Object.entries(registries).map(([name, user]) => [name, { user, password: { secret: registryPassword } }]),
  );
  return {
    ...{ system: system.name, needed },
    options: {
      ...withFits({ cloud, ...start }, meant),
      ...blocks,
      ...(Object.keys(logins).length > 0 && { registries: logins }),
    },
    secrets: {
      ...meant.secrets,
      ...(Object.keys(logins).length > 0 && {
        [registryPassword]: `the password of ${Object.keys(logins).join(', ')}`,
      }),
    },
    findings: [...machines.flatMap(({ findings }) => findings), ...meant.findings],
  };
}

function withFits(start: Readonly<Record<string, unknown>>, { fits }: Meant): Readonly<Record<string, unknown>> {
  const options: Record<string, unknown> = { ...start };
  for (const { path, value } of fits) put(options, path, value);
  return options;
}

function put(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[key] = value;
  else {
    const inner = (typeof target[key] === 'object' && target[key] !== null ? target[key] : {}) as Record<
      string,
      unknown
    >;
    target[key] = inner;
    put(inner, rest, value);
  }
}
