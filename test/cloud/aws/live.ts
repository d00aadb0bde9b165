import { rehearsal } from '../../../src/clouds/aws/rehearsal.ts';
import type { LaterAnswers } from '../../../src/policy/answers.ts';
import type { DeclaredResource } from '../../../src/policy/recorded.ts';
import { opened } from '../opened.ts';
import type { Account } from './account.ts';
import { balancers } from './balancers.ts';
import { buckets } from './buckets.ts';
import { broken } from './documented.ts';
import { functionsOn } from './functions.ts';
import { groups } from './groups.ts';
import { identity } from './identity.ts';
import type { Kind, Tags } from './kind.ts';
import { machines } from './machines.ts';
import { network } from './network.ts';
import { services } from './services.ts';

type AnyKind = Kind<Record<string, unknown>>;

/** Every type of AWS's resources that berth declares, as calls */
export const kinds = {
  ...network,
  ...groups,
  ...machines,
  ...identity,
  ...buckets,
  ...balancers,
  ...services,
} as unknown as Readonly<Record<string, AnyKind>>;

/** A program's answers from an account: what it declares is made there, in the order of its dependencies */
export interface Live {
  answers: LaterAnswers;
  functions: LaterAnswers;
  /** What the account, a model or the documentation refused, with the resource */
  refused: string[];
  /** Compares what a program declared with what the account has: both by the resource's type and name */
  compared(declared: readonly DeclaredResource[]): Promise<{ wanted: object; there: object }>;
}

export function live(aws: Account): Live {
  const refused: string[] = [];
  let common: Tags = {};
  const make = (type: string, kind: AnyKind) => async (sealed: object, name: string) => {
    const inputs = opened(sealed) as Record<string, unknown>;
    refused.push(...broken(type, inputs).map((flaw) => `${type} ${name}: ${flaw}`));
    try {
      return await kind.make(aws, inputs, { ...common, ...(inputs.tags as Tags) });
    } catch (error) {
      refused.push(`${type} ${name}: ${(error as Error).message}`);
      return rehearsal.resources[type]?.(inputs as never, name) ?? {};
    }
  };
  return {
    refused,
    functions: { ...rehearsal.functions, ...functionsOn(aws) },
    answers: {
      'pulumi:providers:aws': ({ defaultTags }: { defaultTags: string }) => {
        common = (JSON.parse(defaultTags) as { tags: Tags }).tags;
        return {};
      },
      ...Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [type, make(type, kind)])),
    },
    async compared(declared) {
      const [wanted, there]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
      for (const { type, name, id, inputs: sealed } of declared.filter((one) => one.type.startsWith('aws:'))) {
        const kind = kinds[type];
        if (!kind) throw new Error(`${type} has no calls in the table`);
        const inputs = opened(sealed) as Record<string, unknown>;
        const own = new Set<string>(kind.own);
        const found: Record<string, unknown> = await kind
          .read(aws, id, inputs)
          .catch((error: Error) => ({ error: error.message }));
        for (const key of kind.untold ?? []) found[key] ??= inputs[key];
        there[`${type} ${name}`] = parsed(found);
        wanted[`${type} ${name}`] = parsed({
          ...Object.fromEntries(Object.entries(inputs).filter(([key]) => !own.has(key))),
          ...('tags' in found && { tags: { ...common, ...(inputs.tags as Tags) } }),
        });
      }
      return { wanted, there };
    },
  };
}

/** With its policies as data: a service may write them with other spaces */
const parsed = (value: object): object =>
  Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, /policy|policies/i.test(key) ? asData(inner) : inner]),
  );

const asData = (value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value;
