import { z } from 'zod';
import { guided } from './guide.ts';

/** Options of an application's queue workers */
export const workerOptions = guided(
  z
    .strictObject({
      count: guided(z.int().min(0).max(8).describe('How many jobs run at the same time; with 0 they wait.'), {
        allowed: 'a whole number from 0 to 8',
      }).default(1),
      command: guided(
        z
          .array(guided(z.string().min(1), { allowed: 'a word of a command' }))
          .min(1)
          .describe("The worker's command: the words after `php artisan`."),
        { allowed: "words such as [queue:work, '--queue=high,default', '--tries=3']" },
      ).default(['queue:work']),
      memoryMb: guided(z.int().min(64).max(16_384).describe('The memory limit of each, MB.'), {
        allowed: 'a whole number of MB from 64 to 16384',
      }).default(256),
      stopSeconds: guided(
        z
          .int()
          .min(1)
          .max(300)
          .describe(
            'How long a running job may take to finish when a release replaces its worker: longer than the ' +
              "application's own limit for a job, the `--timeout` of queue:work.",
          ),
        { allowed: 'a whole number of seconds from 1 to 300' },
      ).default(90),
    })
    .describe("Workers for the application's queue, on its machine. @default none: the application has no queue"),
  { allowed: 'a block such as { count: 2, memoryMb: 256 }' },
);
