import { z } from 'zod';
import type { Properties } from '../../../pulumi/plugin.ts';
import { lookAtGround } from './ground/look.ts';
import { groundProblems } from './ground/problems.ts';
import { wantedGround } from './ground/wanted.ts';
import { ownerOf } from './owner.ts';

const question = wantedGround.omit({ owner: true }).extend({ stack: z.string(), project: z.string() });

/** Returns the problems of this computer to a program, before its first resource is created */
export async function ground(inputs: Properties): Promise<Properties> {
  const { stack, project, ...asked } = question.parse(inputs);
  const { 'berth.stack': owner } = ownerOf(`urn:pulumi:${stack}::${project}::`);
  const wanted = { ...asked, owner };
  return { problems: groundProblems(wanted, await lookAtGround(wanted)) };
}
