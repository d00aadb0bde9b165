import { z } from 'zod';
import { days } from '../model/blueprint.ts';
import { type EngineStack, pulumi } from '../pulumi/stack.ts';

const login = z.object({ user: z.string(), address: z.string(), port: z.number(), hostKey: z.string() });

/** A machine behind a bastion is reached by way of that */
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
  /** What takes a machine back that somebody else made, once it has left the stack */
  retire: z.string().exactOptional(),
  /** When it runs; without one, always */
  schedule: schedule.exactOptional(),
});

const system = z.object({
  cloud: z.string(),
  version: z.string(),
  /** Absent on local machines, whose cloud has one of its own, and where an older berth deployed it */
  authority: z.string().exactOptional(),
  url: z.url(),
  /** Further names at which the same answers */
  alsoAt: z.array(z.string()).exactOptional(),
  /** Names that redirect to the URL */
  redirectFrom: z.array(z.string()).exactOptional(),
  probe: z.object({ path: z.string().startsWith('/') }),
  machines: z.record(z.string(), machine),
  records: z.array(z.object({ name: z.string(), type: z.string(), value: z.string() })),
});

const named = z.record(z.string(), z.unknown()).default({});

/** What a deployment to come must know of a system, whichever berth deployed it */
const former = z.object({
  cloud: z.string(),
  /** Absent where an older berth deployed it */
  pins: z.record(z.string(), z.unknown()).optional(),
  machines: named,
  buckets: named,
  logs: named,
});

const formerOutputs = z.object({ systems: z.record(z.string(), former).default({}) });

const outputs = z.object({ systems: z.record(z.string(), system).default({}) });

/** What a deployment says of a system */
export type SystemOutputs = z.infer<typeof system>;
/** Where SSH is spoken, and whose host key is expected there */
export type SshLogin = z.infer<typeof login>;
export type MachineOutputs = z.infer<typeof machine>;
export type FormerSystem = z.infer<typeof former>;

/**
 * A stack's systems by name, as its last deployment left them.
 * @throws when nothing is deployed, or the outputs are not such
 */
export async function deployedSystems(on: EngineStack): Promise<Readonly<Record<string, SystemOutputs>>> {
  return parsedSystems(JSON.parse(await pulumi(on, ['stack', 'output', '--json'])), on.stack);
}

/** The systems by name that stand before a deployment; none before the first */
export async function formerSystems(on: EngineStack): Promise<Readonly<Record<string, FormerSystem>>> {
  const parsed = formerOutputs.safeParse(JSON.parse(await pulumi(on, ['stack', 'output', '--json'])));
  if (!parsed.success) throw unlike(on.stack, parsed.error);
  return parsed.data.systems;
}

/** The machines of a former deployment, as far as they are told as this berth tells them */
export function formerMachines({ machines }: FormerSystem): Readonly<Record<string, MachineOutputs>> {
  const known = Object.entries(machines).map(([name, value]) => [name, machine.safeParse(value).data] as const);
  return Object.fromEntries(known.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** The same of outputs at hand */
export function parsedSystems(value: unknown, stack: string): Readonly<Record<string, SystemOutputs>> {
  const parsed = outputs.safeParse(value);
  if (!parsed.success) throw unlike(stack, parsed.error);
  if (Object.keys(parsed.data.systems).length === 0) {
    throw new Error(`stack ${stack} has no system deployed: run pulumi up`);
  }
  return parsed.data.systems;
}

function unlike(stack: string, { issues: [issue] }: z.ZodError): Error {
  const what = issue ? `${issue.path.join('.')}: ${issue.message}` : 'they are empty';
  return new Error(`stack ${stack} was deployed otherwise than this berth reads it (${what}): run pulumi up`);
}
