import { z } from 'zod';
import { namesWhere } from '../model/cloud.ts';
import { described, guided } from './guide.ts';
import { minToMax } from './minToMax.ts';

const most = 200;
const podsAllowed = `a whole number from 1 to ${most}`;
const pods = z.int().min(1).max(most);

const scaled = z
  .strictObject({
    min: guided(pods.describe('How many pods there are at least.'), { allowed: podsAllowed }),
    max: guided(pods.describe('How many pods there are at most.'), { allowed: podsAllowed }),
    cpu: guided(
      z
        .int()
        .min(10)
        .max(400)
        .describe(
          'The processors that pods use on average, in percent of what they ask for, at which there are enough.',
        )
        .default(70),
      { allowed: 'a whole percentage from 10 to 400' },
    ),
  })
  .check(minToMax);

/** How many pods a role has in a cluster */
export const replicas = guided(
  described(
    z.union([pods, scaled]),
    (clouds) =>
      `Only on cloud ${namesWhere(clouds, ({ cluster = false }) => cluster, ' or ')}: how many pods, in place of machines; ` +
      'or { min, max, cpu }, between which the cluster chooses by the load. @default count, or 1',
  ),
  { allowed: `${podsAllowed}, or a block such as { min: 2, max: 10, cpu: 70 }` },
);
