import type { Pins } from '../../model/pins.ts';
import type { PutBack } from './plan.ts';
import { withPins } from './stackText.ts';

/** How a deployment changes and asks the world */
export interface Steps {
  /**
   * Brings the stack to a file's text, when its turn has come. `refused`: nothing was begun, for example because the preview
   * found what may not go, or somebody else deploys for too long. `moved`: nothing either, as somebody else has deployed
   * since the stack was read.
   * @throws when a person interrupts it: what is done then is theirs to say
   */
  up(text: string): Promise<'done' | 'failed' | 'refused' | 'moved'>;
  /** Whether what is deployed answers as declared, within the time that it has */
  healthy(): Promise<boolean>;
  say(line: string): void;
}

/** What went wrong: the engine could not finish, its preview or a lock stopped it, or what it deployed is not healthy */
export type Failure = 'engine' | 'refused' | 'health';

/** Why nothing was put back */
export type Left = Exclude<PutBack, { kind: 'restore' }> | { kind: 'overtaken' };

export type Outcome =
  | { kind: 'deployed' }
  /** Nothing was changed */
  | { kind: 'refused' }
  /** Nothing was changed, and what stands is to be read anew */
  | { kind: 'moved' }
  | { kind: 'left'; failure: Failure; why: Left }
  | { kind: 'put back'; failure: Failure; systems: Readonly<Record<string, Pins>>; again?: Failure };

/**
 * Deploys, and puts the former versions back, with the same program, when that fails.
 * @param text the stack's file
 */
export async function release(text: string, plan: PutBack, steps: Steps): Promise<Outcome> {
  const failure = await attempt(text, steps);
  if (failure === undefined) return { kind: 'deployed' };
  if (failure === 'refused' || failure === 'moved') return { kind: failure };
  if (plan.kind !== 'restore') return { kind: 'left', failure, why: plan };
  steps.say(`\nthe deployment failed: the former versions are put back`);
  const again = await attempt(withPins(text, plan.systems), steps);
  if (again === 'moved') return { kind: 'left', failure, why: { kind: 'overtaken' } };
  return { kind: 'put back', failure, systems: plan.systems, ...(again !== undefined && { again }) };
}

async function attempt(text: string, steps: Steps): Promise<Failure | 'moved' | undefined> {
  const result = await steps.up(text);
  if (result !== 'done') return result === 'failed' ? 'engine' : result;
  return (await steps.healthy()) ? undefined : 'health';
}
