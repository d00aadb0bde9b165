import type { Job, JobStep } from '../../model/job.ts';
import { fileText } from '../template.ts';
import type { PodContainer } from './container.ts';
import { literal } from './contents.ts';

/** Whether a step runs together with the next one, through a pipe */
export const streams = (step: JobStep): boolean => 'streams' in step && step.streams === true;

/**
 * Returns the containers of a job of which some steps run together. The containers of a pod are all started at once: each
 * waits for its turn in a script, which reads and writes the job's folder.
 */
export function streamed({ steps }: Job, containers: readonly PodContainer[]): readonly PodContainer[] {
  const groups = groupsOf(steps);
  const script = literal(fileText('cluster/step.sh'));
  return containers.map((step, index) => {
    const at = groups.findIndex((group) => group.includes(index + 1));
    const turn = { STEP: `${index + 1}`, TOGETHER: groups[at]?.join(' '), AFTER: groups[at - 1]?.join(' ') ?? '' };
    const { command = [], args = [], env = [], ...container } = step.container as Words;
    return {
      ...step,
      container: {
        ...container,
        command: ['sh', '-c', script, 'step'],
        args: [...command, ...args],
        env: [...env, ...Object.entries(turn).map(([name, value]) => ({ name, value }))],
      },
    };
  });
}

interface Words {
  command?: readonly string[];
  args?: readonly string[];
  env?: readonly object[];
}

/** Numbers of the steps, from 1 on, those that run together in one group */
export function groupsOf(steps: readonly JobStep[]): readonly (readonly number[])[] {
  const groups: number[][] = [[]];
  for (const [index, step] of steps.entries()) {
    groups.at(-1)?.push(index + 1);
    if (!streams(step) && index + 1 < steps.length) groups.push([]);
  }
  return groups;
}
