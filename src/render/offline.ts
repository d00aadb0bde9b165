import type { Blueprint } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';
import { type MachineName, machineName } from '../model/names.ts';
import type { Facts, Secrets } from '../model/value.ts';
import { type Bundle, bundle } from './bundle.ts';
import { machineNeeds } from './needs.ts';

/** A public key that opens nothing, where the stack's own isn't known */
const documentationKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f <deployKey>';

/**
 * Every machine's bundle as far as it is known without an engine, an account or a network: what only the cloud knows
 * is a documentation address (RFC 5737) or its name in angle brackets, a secret is its name in angle brackets.
 */
export function offlineBundles(
  blueprint: Blueprint,
  environment: Environment,
): readonly { name: string; bundle: Bundle }[] {
  return machinesOf(blueprint).map((machine) => {
    const role = blueprint.roles[machine.role];
    if (!role) throw new Error(`no role ${machine.role}`);
    const needs = machineNeeds(blueprint, role, machine);
    const made = bundle({
      blueprint,
      role,
      machine,
      facts: offlineFacts(needs.refs),
      secrets: Object.fromEntries(
        needs.secrets.map((name) => [name, `<${blueprint.system}/${name}>`]),
      ) satisfies Secrets,
      secretFacts: [],
      operators: environment.operators,
      deployKey: documentationKey,
      user: 'berth',
      images: environment.local?.images ?? {},
      plainRegistries: [],
      restartEdge: false,
    });
    return { name: machineName(machine), bundle: made };
  });
}

/** Every machine of a blueprint, role by role */
export const machinesOf = (blueprint: Blueprint): readonly MachineName[] =>
  Object.entries(blueprint.roles).flatMap(([role, { count }]) =>
    Array.from({ length: count }, (_, index) => ({ system: blueprint.system, role, index })),
  );

const offlineFacts = (references: readonly string[]): Facts =>
  Object.fromEntries(
    references.map((reference, index) => [reference, offlineFact(reference, `192.0.2.${10 + index}`)]),
  );

function offlineFact(reference: string, address: string): string {
  const kind = reference.slice(reference.lastIndexOf('.') + 1);
  if (/address$/i.test(kind) || kind === 'host') return address;
  if (kind === 'endpoint' || kind === 'directory') return `https://${address}`;
  if (kind === 'scheme') return 'https';
  if (kind === 'port') return '9200';
  if (kind === 'authority') return '';
  return `<${reference}>`;
}
