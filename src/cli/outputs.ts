import { z } from 'zod';
import { days } from '../model/blueprint.ts';
import { type EngineStack, pulumi } from '../pulumi/stack.ts';

const login = z.object({ user: z.string(), address: z.string(), port: z.number(), hostKey: z.string() });

/** `proxy` is the bastion of the machine */
const ssh = login.extend({ proxy: login.exactOptional() });

const schedule = z.object({
  days: z.array(z.enum(days)),
  start: z.string(),
  stop: z.string(),
  zone: z.string(),
});

const machine = z.object({
  role: z.string(),
  publicAddress: z.string(),
  privateAddress: z.string(),
  ssh,
  /** Command that removes berth from an adopted machine after it has left the stack */
  retire: z.string().exactOptional(),
  /** Hours in which it runs; absent where it always runs */
  schedule: schedule.exactOptional(),
});

const cluster = z.object({
  namespace: z.string(),
  /** By role */
  workloads: z.record(
    z.string(),
    z.object({
      kind: z.string(),
      name: z.string(),
      pods: z.number(),
      /** Where the cluster chooses their number, by the load */
      mostPods: z.number().exactOptional(),
    }),
  ),
});

const system = z.object({
  cloud: z.string(),
  version: z.string(),
  /** Absent on local machines, whose cloud has its own authority, and in deployments by an older berth */
  authority: z.string().exactOptional(),
  url: z.url(),
  /** Other names that answer as the URL does */
  alsoAt: z.array(z.string()).exactOptional(),
  /** Names that redirect to the URL */
  redirectFrom: z.array(z.string()).exactOptional(),
  probe: z.object({ path: z.string().startsWith('/'), tellsVersion: z.boolean().exactOptional() }),
  machines: z.record(z.string(), machine),
  records: z.array(z.object({ name: z.string(), type: z.string(), value: z.string() })),
  /** Its workloads, where it is in a cluster and has no machines */
  cluster: cluster.exactOptional(),
});

const named = z.record(z.string(), z.unknown()).default({});

/** Outputs of a system that the next deployment needs, also from an older berth */
const former = z.object({
  cloud: z.string(),
  /** Absent in deployments by an older berth */
  pins: z.record(z.string(), z.unknown()).optional(),
  /** Digests of its images; absent where the file pinned none */
  images: z.record(z.string(), z.string()).optional(),
  machines: named,
  buckets: named,
  logs: named,
});

const formerOutputs = z.object({ systems: z.record(z.string(), former).default({}) });

const outputs = z.object({ systems: z.record(z.string(), system).default({}) });

/** Outputs of a deployed system */
export type SystemOutputs = z.infer<typeof system>;
/** Address of an SSH server and its expected host key */
export type SshLogin = z.infer<typeof login>;
export type MachineOutputs = z.infer<typeof machine>;
export type FormerSystem = z.infer<typeof former>;

/**
 * Returns a stack's deployed systems by name
 * @throws when nothing is deployed, or the outputs have another form
 */
export async function deployedSystems(on: EngineStack): Promise<Readonly<Record<string, SystemOutputs>>> {
  return parsedSystems(JSON.parse(await pulumi(on, ['stack', 'output', '--json'])), on.stack);
}

/** Returns the machines of all systems, by name */
export const deployedMachines = (
  systems: Readonly<Record<string, SystemOutputs>>,
): Readonly<Record<string, MachineOutputs>> =>
  Object.assign({}, ...Object.values(systems).map(({ machines }) => machines));

/** Returns the systems that are deployed before a deployment, by name; empty before the first one */
export async function formerSystems(on: EngineStack): Promise<Readonly<Record<string, FormerSystem>>> {
  const parsed = formerOutputs.safeParse(JSON.parse(await pulumi(on, ['stack', 'output', '--json'])));
  if (!parsed.success) throw unlike(on.stack, parsed.error);
  return parsed.data.systems;
}

/** Returns the machines of a former deployment whose outputs have the form of this version */
export function formerMachines({ machines }: FormerSystem): Readonly<Record<string, MachineOutputs>> {
  const known = Object.entries(machines).map(([name, value]) => [name, machine.safeParse(value).data] as const);
  return Object.fromEntries(known.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Parses the outputs of a stack, as `deployedSystems` does */
export function parsedSystems(value: unknown, stack: string): Readonly<Record<string, SystemOutputs>> {
  const parsed = outputs.safeParse(value);
  if (!parsed.success) throw unlike(stack, parsed.error);
  if (Object.keys(parsed.data.systems).length === 0) {
    throw new Error(`stack ${stack} has no deployed system: run pulumi up`);
  }
  return parsed.data.systems;
}

function unlike(stack: string, { issues: [issue] }: z.ZodError): Error {
  const what = issue ? `${issue.path.join('.')}: ${issue.message}` : 'they are empty';
  return new Error(`stack ${stack} has outputs that this version of berth can't read (${what}): run pulumi up`);
}
