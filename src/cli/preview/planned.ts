import type { EngineStack } from '../../pulumi/stack.ts';
import { failureOf, type Plan, planOf } from './plan.ts';
import { runPreview } from './run.ts';
import { environmentSecrets, scrubbed, stackSecrets } from './scrub.ts';

/** A plan as the engine made it, and what it takes to tell it */
export interface Planned {
  plan: Plan;
  /** The engine's own text */
  diff: string;
  /** Why the engine failed, where it did */
  failure?: string;
  /** A text about it, without the stack's secrets and the environment's */
  clean(text: string): string;
}

/**
 * What the engine would do with a stack; nothing is changed.
 * @param more further arguments of `pulumi preview`, such as `--refresh`
 * @throws when the stack's secrets can't be read
 */
export async function planned(on: EngineStack, more: readonly string[] = []): Promise<Planned> {
  const [run, secrets] = await Promise.all([runPreview(on, more), stackSecrets(on)]);
  const plan = planOf(run.events);
  const failure = failureOf(run, plan);
  return {
    ...{ plan, diff: run.text, ...(failure !== undefined && { failure }) },
    clean: (text) => scrubbed(text, [...secrets, ...environmentSecrets(process.env)]),
  };
}
