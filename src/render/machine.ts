import type { Blueprint, Role } from '../model/blueprint.ts';
import type { Operators } from '../model/environment.ts';
import type { MachineName } from '../model/names.ts';
import type { ForwardProxy } from '../model/proxy.ts';
import { isContainer } from '../model/service.ts';
import type { Facts, Secrets } from '../model/value.ts';

/** Everything that the files of one machine are made of; facts and secrets are narrowed to what its services name */
export interface MachineInput {
  blueprint: Blueprint;
  role: Role;
  machine: MachineName;
  facts: Facts;
  secrets: Secrets;
  /** Names of the facts that are secret: generated passwords, tokens */
  secretFacts: readonly string[];
  operators: Operators;
  /** Public half of the stack's deploy key, one line */
  deployKey: string;
  /** Who logs in */
  user: string;
  /** Image reference → what runs in its place */
  images: Readonly<Record<string, string>>;
  /** Registries of the local cloud, which speak plain HTTP */
  plainRegistries: readonly string[];
  /** Who reads private images, by registry */
  logins: Readonly<Record<string, Login>>;
  /** How it reaches what is outside, with everything that it asks without it. @default by itself */
  proxy?: ForwardProxy;
  /** CIDR, IPv4: docker takes its networks from it, where the machine is ours */
  containerRange: string;
  /** A changed edge may be started anew in this release; otherwise it stays as it is */
  restartEdge: boolean;
}

export interface Login {
  user: string;
  password: string;
}

/** Whether the machine needs a container engine at all */
export const hasContainers = ({ role }: MachineInput): boolean =>
  role.services.some(isContainer) || (role.jobs ?? []).length > 0 || role.edge?.kind === 'traefik';

/** What runs in an image's place, by default the image itself */
export const imageOf = (input: MachineInput, reference: string): string => input.images[reference] ?? reference;
