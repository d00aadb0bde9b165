import { scrubbed } from '../../process/scrubbed.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import { type Plan, planOf, previewFailure } from './plan.ts';
import { runPreview } from './run.ts';
import { environmentSecrets, stackSecrets } from './scrub.ts';

/** A plan of the engine, with its texts */
export interface PreviewedPlan {
  plan: Plan;
  /** The engine's standard output */
  diff: string;
  /** Reason of the engine's failure */
  failure?: string;
  /** Removes secrets of the stack and the environment from a text */
  clean(text: string): string;
}

/**
 * Returns what the engine would do with a stack; changes nothing
 * @param more further arguments of `pulumi preview`, such as `--refresh`
 * @throws when the stack's secrets cannot be read
 */
export async function previewedPlan(on: EngineStack, more: readonly string[] = []): Promise<PreviewedPlan> {
  const [run, secrets] = await Promise.all([runPreview(on, more), stackSecrets(on)]);
  const plan = planOf(run.events);
  const failure = previewFailure(run, plan);
  return {
    ...{ plan, diff: run.text, ...(failure !== undefined && { failure }) },
    clean: (text) => scrubbed(text, [...secrets, ...environmentSecrets(process.env)]),
  };
}
