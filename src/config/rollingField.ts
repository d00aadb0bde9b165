import { z } from 'zod';
import { oneByOne } from '../model/rolling.ts';
import { guided } from './guide.ts';

/** How the machines of a role with several machines are released */
export const rolling = guided(
  z
    .strictObject({
      atOnce: guided(
        z.int().min(1).max(15).describe('How many machines are released at the same time, once the first one is live.'),
        { allowed: 'a whole number from 1 to 15' },
      ).default(oneByOne.atOnce),
      pauseSeconds: guided(
        z.int().min(0).max(600).describe('The pause after some machines have been released, before the next ones.'),
        { allowed: 'a whole number of seconds from 0 to 600' },
      ).default(oneByOne.pauseSeconds),
    })
    .describe(
      'How its machines are released: the first one alone, then the others, those that are behind first; one that ' +
        'fails stops the rest. @default one after another, without a pause',
    ),
  { allowed: 'a block such as { atOnce: 2, pauseSeconds: 30 }' },
).exactOptional();
