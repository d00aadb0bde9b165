import { z } from 'zod';
import { type EngineStack, pulumi } from './engine.ts';

const ssh = z.object({ user: z.string(), address: z.string(), port: z.number(), hostKey: z.string() });

const machine = z.object({
  role: z.string(),
  publicAddress: z.string(),
  privateAddress: z.string(),
  ssh,
  /** What takes a machine back that somebody else made, once it has left the stack */
  retire: z.string().exactOptional(),
});

const system = z.object({
  cloud: z.string(),
  version: z.string(),
  url: z.url(),
  probe: z.object({ path: z.string().startsWith('/') }),
  machines: z.record(z.string(), machine),
  records: z.array(z.object({ name: z.string(), type: z.string(), value: z.string() })),
});

const outputs = z.object({ systems: z.record(z.string(), system).default({}) });

/** What a deployment says of a system */
export type SystemOutputs = z.infer<typeof system>;
export type MachineOutputs = z.infer<typeof machine>;

/**
 * A stack's systems by name, as its last deployment left them.
 * @throws when nothing is deployed, or the outputs are not such
 */
export async function deployedSystems(on: EngineStack): Promise<Readonly<Record<string, SystemOutputs>>> {
  return parsedSystems(JSON.parse(await pulumi(on, ['stack', 'output', '--json'])), on.stack);
}

/** The same of outputs at hand */
export function parsedSystems(value: unknown, stack: string): Readonly<Record<string, SystemOutputs>> {
  const parsed = outputs.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = issue ? `${issue.path.join('.')}: ${issue.message}` : 'they are empty';
    throw new Error(`stack ${stack} was deployed otherwise than this berth reads it (${what}): run pulumi up`);
  }
  if (Object.keys(parsed.data.systems).length === 0) {
    throw new Error(`stack ${stack} has no system deployed: run pulumi up`);
  }
  return parsed.data.systems;
}
