import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Blueprint } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';
import { machineName } from '../../model/names.ts';
import { releaseOrder } from '../../model/order.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import { previewedPlan } from '../preview/planned.ts';
import { objectsOf, type PlannedObject } from './objects.ts';

/** Effect of the next deployment on one machine, as far as the engine knows it */
export type PlannedRelease = ({ system: string; machine: string } & Planned) | PlannedObject;

/**
 * `again`: the same bundle is sent once more, to another address or with another key, say.
 * @property bundle what the machine will be sent, with its secrets
 */
type Planned = { kind: 'new' | 'gone' | 'same' | 'again' } | { kind: 'changed'; bundle: string };

/**
 * Previews a stack and gives its releases in the order of a deployment.
 * @param inCluster systems that are in a cluster: their objects are told in place of machines
 * @throws when the preview fails, with the engine's words
 */
export async function plannedReleases(
  on: EngineStack,
  blueprints: readonly Blueprint[],
  inCluster: readonly string[] = [],
): Promise<{ releases: readonly PlannedRelease[]; clean(text: string): string }> {
  // The engine's plan is the one place where it tells bundles: in clear, in a file that its owner alone reads
  const folder = await mkdtemp(join(tmpdir(), 'berth-diff-'));
  try {
    const file = join(folder, 'plan');
    await writeFile(file, '', { mode: 0o600 });
    const { plan, failure, clean } = await previewedPlan(on, ['--save-plan', file, '--show-secrets']);
    if (failure !== undefined) {
      const errors = plan.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
      throw new Error(clean(`the preview of ${on.stack} failed: ${[...errors, failure].join('\n')}`));
    }
    return { releases: releasesOf(JSON.parse(await readFile(file, 'utf8')), blueprints, inCluster), clean };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const inputs = z.looseObject({ stdin: z.unknown() }).partial();

const resource = z.object({
  goal: z.object({ inputDiff: z.object({ adds: inputs, updates: inputs }).partial() }).nullish(),
  steps: z.array(z.string()).default([]),
});
type PlannedResource = z.infer<typeof resource>;

const savedPlan = z.object({ resourcePlans: z.record(z.string(), resource).default({}) });

/** The same of what the engine has saved as its plan, in the order in which it releases; machines that leave come last */
export function releasesOf(
  saved: unknown,
  blueprints: readonly Blueprint[],
  inCluster: readonly string[] = [],
): readonly PlannedRelease[] {
  const { resourcePlans } = savedPlan.parse(saved);
  const byName = new Map(Object.entries(resourcePlans).map(([urn, one]) => [urn.split('::').at(-1) ?? urn, one]));
  const declared = blueprints
    .filter(({ system }) => !inCluster.includes(system))
    .flatMap((blueprint) => {
      const order = releaseOrder(blueprint);
      const machines = machinesOf(blueprint).map(({ machine }) => machine);
      return order.flatMap((role) => machines.filter((machine) => machine.role === role));
    });
  const known = declared.map((machine) => {
    const name = machineName(machine);
    return { system: machine.system, machine: name, ...releaseOf(byName, name) };
  });
  const names = new Set(known.map(({ machine }) => machine));
  const gone = Object.entries(resourcePlans).flatMap(([urn, { steps }]): PlannedRelease[] => {
    const machine = /\bcommand:remote:Command::(.+)-release$/.exec(urn)?.[1];
    if (machine === undefined || names.has(machine) || !steps.includes('delete')) return [];
    return [{ system: machine.slice(0, machine.search(/-[^-]+-\d+$/)), machine, kind: 'gone' }];
  });
  const steps = Object.entries(resourcePlans).map(([urn, one]) => [urn, one.steps] as const);
  return [...known, ...gone, ...objectsOf(Object.fromEntries(steps), inCluster)];
}

/** A machine is new where it has yet to be made ready, or where what it will be sent is known only once others are made */
function releaseOf(resources: ReadonlyMap<string, PlannedResource>, machine: string): Planned {
  const [release, ready] = [resources.get(`${machine}-release`), resources.get(`${machine}-ready`)];
  const isMade = ({ steps }: PlannedResource): boolean => steps.some((step) => /create|replace/.test(step));
  if (!release || !ready || isMade(ready)) return { kind: 'new' };
  if (release.steps.every((step) => step === 'same')) return { kind: 'same' };
  const { updates, adds } = release.goal?.inputDiff ?? {};
  const sent = updates?.stdin ?? adds?.stdin;
  if (sent === undefined) return { kind: 'again' };
  const bundle = clear.safeParse(sent).data;
  return bundle === undefined ? { kind: 'new' } : { kind: 'changed', bundle };
}

/** A bundle in clear, in the engine's form of secrets; in the place of what it does not know yet stands another text */
const clear = z
  .object({ plaintext: z.string() })
  .transform(({ plaintext }): unknown => JSON.parse(plaintext))
  .pipe(z.string().regex(/^\d+ [0-9a-f]{64}[ \n]/));
