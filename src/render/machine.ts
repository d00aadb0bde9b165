import type { Blueprint, Role } from '../model/blueprint.ts';
import type { Operators } from '../model/environment.ts';
import { isProgram } from '../model/job.ts';
import type { MachineName } from '../model/names.ts';
import type { ForwardProxy } from '../model/proxy.ts';
import { isContainer } from '../model/service.ts';
import type { Facts, Secrets } from '../model/value.ts';

/** Input for the files of one machine; facts and secrets are limited to those that its services name */
export interface MachineInput {
  blueprint: Blueprint;
  role: Role;
  machine: MachineName;
  facts: Facts;
  secrets: Secrets;
  /** Paths of secret facts, for example generated passwords and tokens */
  secretFacts: readonly string[];
  operators: Operators;
  /** Public key of the stack's deploy key, one line */
  deployKey: string;
  /** Login user */
  user: string;
  /** Replacement images by image reference */
  images: Readonly<Record<string, string>>;
  /** Registries of the local cloud, which use plain HTTP */
  plainRegistries: readonly string[];
  /** Logins for private images, by registry */
  logins: Readonly<Record<string, RegistryLogin>>;
  /** Proxy for outgoing connections, with all destinations that bypass it. @default direct connections */
  proxy?: ForwardProxy;
  /** CIDR, IPv4. Range of docker's networks, except on adopted machines. */
  containerRange: string;
  /** Whether a changed edge is restarted in this release; otherwise it keeps running unchanged */
  restartEdge: boolean;
}

export interface RegistryLogin {
  user: string;
  password: string;
}

/** Whether the machine needs docker */
export const hasContainers = ({ role }: Pick<MachineInput, 'role'>): boolean =>
  role.services.some(isContainer) ||
  (role.jobs ?? []).some(({ steps }) => steps.some((step) => !isProgram(step))) ||
  role.edge?.kind === 'traefik';

/** Returns the image that runs for a reference: its replacement, or itself */
export const imageOf = (input: Pick<MachineInput, 'images'>, reference: string): string =>
  input.images[reference] ?? reference;
