import type { Pins } from '../../model/pins.ts';
import type { PutBack } from './plan.ts';
import { withPins } from './stackText.ts';

/** Actions of a deployment on the real stack */
export interface Steps {
  /**
   * Deploys a file's text once the lock is free. `refused`: nothing has begun, for example because the preview found a
   * forbidden change, or the lock was held too long. `moved`: nothing has begun, because another deployment ended after
   * the stack was read.
   * @throws when a person interrupts it, who then decides what to do
   */
  up(text: string): Promise<'done' | 'failed' | 'refused' | 'moved'>;
  /** Whether the deployed systems answer with their declared versions in time */
  healthy(): Promise<boolean>;
  say(line: string): void;
}

/**
 * The failed step: the engine did not finish, its preview or a lock stopped it, or the deployed systems are unhealthy
 */
export type FailedStep = 'engine' | 'refused' | 'health';

/** Why nothing was put back */
export type Left = Exclude<PutBack, { kind: 'restore' }> | { kind: 'overtaken' };

export type DeploymentOutcome =
  | { kind: 'deployed' }
  /** Nothing was changed */
  | { kind: 'refused' }
  /** Nothing was changed; the stack must be read again */
  | { kind: 'moved' }
  | { kind: 'left'; failure: FailedStep; why: Left }
  | { kind: 'put back'; failure: FailedStep; systems: Readonly<Record<string, Pins>>; again?: FailedStep };

/**
 * Deploys, and on failure restores the former versions with the same checkout
 * @param text the stack's file
 */
export async function deployOrPutBack(text: string, plan: PutBack, steps: Steps): Promise<DeploymentOutcome> {
  const failure = await attempt(text, steps);
  if (failure === undefined) return { kind: 'deployed' };
  if (failure === 'refused' || failure === 'moved') return { kind: failure };
  if (plan.kind !== 'restore') return { kind: 'left', failure, why: plan };
  steps.say(`\nthe deployment failed: rolling back to the former versions`);
  const again = await attempt(withPins(text, plan.systems, plan.images), steps);
  if (again === 'moved') return { kind: 'left', failure, why: { kind: 'overtaken' } };
  return { kind: 'put back', failure, systems: plan.systems, ...(again !== undefined && { again }) };
}

async function attempt(text: string, steps: Steps): Promise<FailedStep | 'moved' | undefined> {
  const result = await steps.up(text);
  if (result !== 'done') return result === 'failed' ? 'engine' : result;
  return (await steps.healthy()) ? undefined : 'health';
}
