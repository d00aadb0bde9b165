import { z } from 'zod';
import type { Properties } from '../../../pulumi/plugin.ts';
import { lookAtGround } from './ground/look.ts';
import { groundProblems } from './ground/problems.ts';
import { wantedGround } from './ground/wanted.ts';
import { ownerOf } from './owner.ts';

const question = wantedGround.omit({ owner: true }).extend({ stack: z.string(), project: z.string() });

/** Answers a program before its first resource: what of this computer stands in the way, all at once. */
export async function ground(inputs: Properties): Promise<Properties> {
  const { stack, project, ...asked } = question.parse(inputs);
  const { 'berth.stack': owner } = ownerOf(`urn:pulumi:${stack}::${project}::`);
  const wanted = { ...asked, owner };
  return { problems: groundProblems(wanted, await lookAtGround(wanted)) };
}
