import { z } from 'zod';
import type { Properties } from '../../../pulumi/plugin.ts';
import { lookAtComputer } from './computer/look.ts';
import { problemsOfComputer } from './computer/problems.ts';
import { wantedOfComputer } from './computer/wanted.ts';
import { ownerOf } from './owner.ts';

const question = wantedOfComputer.omit({ owner: true }).extend({ stack: z.string(), project: z.string() });

/** Returns the problems of this computer to a program, before its first resource is created */
export async function computer(inputs: Properties): Promise<Properties> {
  const { stack, project, ...asked } = question.parse(inputs);
  const { 'berth.stack': owner } = ownerOf(`urn:pulumi:${stack}::${project}::`);
  const wanted = { ...asked, owner };
  return { problems: problemsOfComputer(wanted, await lookAtComputer(wanted)) };
}
