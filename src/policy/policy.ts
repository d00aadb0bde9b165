/** A resource that a program declares, or a call of a provider's function */
export interface PlannedResource {
  /** Pulumi's type token, for example `tls:index/privateKey:PrivateKey` */
  type: string;
  name: string;
  /** Id by which other resources refer to it, where it is known */
  id?: string;
  inputs: Readonly<Record<string, unknown>>;
}

/** A check of common scanners on the resources that a program declares */
export interface Policy {
  /** Ids of the check in trivy and checkov */
  ids: readonly [string, ...string[]];
  /** Requirement in words */
  what: string;
  /** Type token of the resources that are checked */
  type: string;
  /**
   * Returns whether a resource satisfies the check
   * @param all all declared resources
   */
  holds(resource: PlannedResource, all: readonly PlannedResource[]): boolean;
  /** Exception for deliberate violations */
  except?: { why: string; when?(resource: PlannedResource, all: readonly PlannedResource[]): boolean };
}

export interface Finding {
  ids: Policy['ids'];
  what: string;
  /** Name of the resource */
  resource: string;
  /** Reason of a deliberate violation; a finding without one is an error */
  why?: string;
}

/** Returns every resource that violates a policy, with the reason if that is deliberate */
export const findings = (planned: readonly PlannedResource[], policies: readonly Policy[]): readonly Finding[] =>
  policies.flatMap(({ ids, what, type, holds, except }) =>
    planned
      .filter((resource) => resource.type === type && !holds(resource, planned))
      .map((resource) => {
        const meant = except && (except.when?.(resource, planned) ?? true);
        return { ids, what, resource: resource.name, ...(meant && { why: except.why }) };
      }),
  );

/** Returns the value at a path of a resource's inputs with secrets decrypted: for comparisons only, never for output */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  const open = unsealed(value);
  const [key, ...rest] = path;
  if (key === undefined) return open;
  return typeof open === 'object' && open !== null ? at((open as Record<string, unknown>)[key], ...rest) : undefined;
}

/** Returns a check that the value at a path equals a value */
export const has =
  (value: unknown, ...path: readonly (string | number)[]) =>
  ({ inputs }: PlannedResource): boolean =>
    at(inputs, ...path) === value;

/** Returns the list at a path; empty if there is none */
export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map((item) => at(item)) : [];
};

/** Returns whether a network includes every address */
export const isEverybody = (network: unknown): boolean =>
  typeof network === 'string' && (network === '*' || /^internet$/i.test(network) || network.endsWith('/0'));

/** Returns whether a range of ports includes one of the given ports; a missing range means all ports */
export const covers = (from: unknown, to: unknown, ports: readonly number[]): boolean => {
  const [first, last] = [Number(from ?? 0), Number(to ?? from ?? 65_535)];
  return ports.some((port) => first <= port && port <= last);
};

/** Returns whether a range is a single web server port */
export const isWeb = (from: unknown, to: unknown): boolean =>
  from !== undefined && Number(from) === Number(to ?? from) && [80, 443].includes(Number(from));

/** Ports of SSH and RDP */
export const loginPorts = [22, 3389] as const;

/** Reason why scanners' findings about open egress are accepted */
export const openEgress =
  'egress stays open: machines fetch images, packages and certificates from addresses that change, and what leaves is not what attackers enter by';

/** Reason why scanners' findings about public addresses are accepted */
export const publicAddress =
  'every machine has a public address behind a closed firewall: no bastion to keep, and SSH is open to the operators alone';

/** Reason why scanners' findings about public web ports are accepted */
export const publicWeb = 'the site is for everybody: ports 80 and 443 alone';

/** Unwraps a value with Pulumi's mark of secrets (sdk/nodejs/runtime/rpc.ts) */
const unsealed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '4dabf18193072939515e22adb298388d' in value && 'value' in value
    ? value.value
    : value;
