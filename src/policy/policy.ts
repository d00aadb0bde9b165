/** A resource as a program declares it, or a question that it asks a provider */
export interface Planned {
  /** Pulumi's token, for example `tls:index/privateKey:PrivateKey` */
  type: string;
  name: string;
  /** Where it is known: what other resources call it by */
  id?: string;
  inputs: Readonly<Record<string, unknown>>;
}

/** A rule that scanners know, over what a program declares */
export interface Policy {
  /** Trivy's and checkov's ids */
  ids: readonly [string, ...string[]];
  /** What is asked, in words */
  what: string;
  /** Of which resources, by token */
  type: string;
  /** @param all everything that is declared beside it */
  holds(resource: Planned, all: readonly Planned[]): boolean;
  /** Where it is broken on purpose */
  except?: { why: string; when?(resource: Planned, all: readonly Planned[]): boolean };
}

export interface Finding {
  ids: Policy['ids'];
  what: string;
  /** The resource's name */
  resource: string;
  /** Why it is meant so; a finding without is a violation */
  why?: string;
}

/** Every resource that breaks a policy, with the reason where that is on purpose */
export const findings = (planned: readonly Planned[], policies: readonly Policy[]): readonly Finding[] =>
  policies.flatMap(({ ids, what, type, holds, except }) =>
    planned
      .filter((resource) => resource.type === type && !holds(resource, planned))
      .map((resource) => {
        const meant = except && (except.when?.(resource, planned) ?? true);
        return { ids, what, resource: resource.name, ...(meant && { why: except.why }) };
      }),
  );

/** What is at a path of a resource's inputs, with secrets in clear: for comparing, never for showing */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  const open = unsealed(value);
  const [key, ...rest] = path;
  if (key === undefined) return open;
  return typeof open === 'object' && open !== null ? at((open as Record<string, unknown>)[key], ...rest) : undefined;
}

/** For policies: what is at a path is exactly this */
export const has =
  (value: unknown, ...path: readonly (string | number)[]) =>
  ({ inputs }: Planned): boolean =>
    at(inputs, ...path) === value;

/** What is at a path as a list; none where there is none */
export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map((item) => at(item)) : [];
};

/** A network that is everybody */
export const isEverybody = (network: unknown): boolean =>
  typeof network === 'string' && (network === '*' || /^internet$/i.test(network) || network.endsWith('/0'));

/** Whether ports from one to another hold one of these; no ports are all of them */
export const covers = (from: unknown, to: unknown, ports: readonly number[]): boolean => {
  const [first, last] = [Number(from ?? 0), Number(to ?? from ?? 65_535)];
  return ports.some((port) => first <= port && port <= last);
};

/** Ports from one to another that are web servers' alone */
export const isWeb = (from: unknown, to: unknown): boolean =>
  from !== undefined && Number(from) === Number(to ?? from) && [80, 443].includes(Number(from));

/** Where somebody logs in to a machine */
export const loginPorts = [22, 3389] as const;

/** Shown by scanners as open egress, and meant so */
export const openEgress =
  'egress stays open: machines fetch images, packages and certificates from addresses that change, and what leaves is not what attackers enter by';

/** Shown by scanners as a public address, and meant so */
export const publicAddress =
  'every machine has a public address behind a closed firewall: no bastion to keep, and SSH is open to the operators alone';

/** Web servers are there for everybody */
export const publicWeb = 'the site is for everybody: ports 80 and 443 alone';

/** Pulumi's mark of a secret on its way to the engine (sdk/nodejs/runtime/rpc.ts) */
const unsealed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '4dabf18193072939515e22adb298388d' in value && 'value' in value
    ? value.value
    : value;
