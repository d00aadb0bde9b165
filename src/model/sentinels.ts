import { type Cache, type Rule, redisPort } from './blueprint.ts';
import { monitoringRole } from './monitoring.ts';
import { machineFact } from './names.ts';
import { type Part, ref, type Value } from './value.ts';

/** Port of the Sentinels */
export const sentinelPort = 26379;

/** Number of machines of which one takes over: two Sentinels must agree when the third one is gone */
export const sentinelMachines = 3;

/** Returns addresses and ports of a cache's Sentinels, separated by commas */
export const sentinelsOf = (name: string): Value =>
  addressesOf(name, sentinelMachines, `:${sentinelPort},`, `:${sentinelPort}`);

/** Returns the private addresses of a role's machines as one text, with texts between them and at its end */
export function addressesOf(role: string, count: number, between: string, end = ''): Value {
  const addresses = Array.from({ length: count }, (_, index) => ref(machineFact(role, index, 'privateAddress')));
  const parts = addresses.flatMap((one, index): Part[] => [one, index === count - 1 ? end : between]);
  return { parts: parts.filter((part) => part !== '') };
}

/** Returns the rules by which the machines of a cache find each other, and its callers its Sentinels */
export function sentinelRules({ name, tls }: Cache, rules: readonly Rule[]): readonly Rule[] {
  const callers = rules.flatMap(({ from, to, port }) =>
    to === name && port === redisPort && !(typeof from === 'object' && 'role' in from && from.role === monitoringRole)
      ? [from]
      : [],
  );
  const rule = { to: name, protocol: 'tcp', ...(tls && { encrypted: true }) } as const;
  return [
    ...callers.map(
      (from): Rule => ({ ...rule, from, port: sentinelPort, why: 'Sentinels say which Redis is the master' }),
    ),
    { ...rule, from: { role: name }, port: redisPort, why: 'replicas follow the master' },
    { ...rule, from: { role: name }, port: sentinelPort, why: 'Sentinels agree on the master' },
  ];
}
