import { z } from 'zod';
import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Ask } from '../../model/clusterAccess.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { demandOf } from '../../render/cluster/demand.ts';
import { namespaceOf } from '../../render/cluster/input.ts';

const quotas = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      // What is for some pods alone says little about a whole system
      spec: z.object({
        hard: z.record(z.string(), z.string()).default({}),
        scopes: z.array(z.string()).default([]),
        scopeSelector: z.unknown().optional(),
      }),
    }),
  ),
});

/** Returns what a namespace's quotas do not allow of what a system asks for while its pods are replaced */
export async function quotaProblems(
  ask: Ask,
  { name }: Environment,
  blueprint: Blueprint,
): Promise<readonly Problem[]> {
  const { system } = blueprint;
  const namespace = namespaceOf(system, name);
  const { status, body } = await ask(`/api/v1/namespaces/${namespace}/resourcequotas`);
  const read = status === 200 ? quotas.safeParse(body).data : undefined;
  const demand = demandOf(blueprint);
  return (read?.items ?? [])
    .filter(({ spec }) => spec.scopes.length === 0 && spec.scopeSelector === undefined)
    .flatMap(({ metadata, spec }) => {
      const short = Object.entries(spec.hard).flatMap(([resource, allowed]) => {
        const asked = demand[resource];
        const amount = amountOf(allowed);
        return asked === undefined || amount === undefined || asked.amount <= amount
          ? []
          : [`${resource} ${allowed} where ${asked.text} is asked for`];
      });
      if (short.length === 0) return [];
      return [
        {
          path: pathText(['berth:systems', system]),
          message: `asks for more than the quota ${metadata.name} of the namespace ${namespace} allows while pods are replaced: ${short.join(', ')}`,
          fix: 'have the quota raised, or ask for fewer replicas',
        },
      ];
    });
}

const factors: Readonly<Record<string, number>> = {
  ...{ '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** Returns an amount as a cluster writes it, such as `500m` or `4Gi`, as a number */
export function amountOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = factors[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
