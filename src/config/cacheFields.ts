import { z } from 'zod';
import { evictions } from '../model/eviction.ts';
import { guided } from './guide.ts';
import { machineExample, machineShape, volumeGb } from './machineFields.ts';

/** Options of a cache: the cloud's own cache, or a machine in its place */
export const cacheOptions = guided(
  z
    .strictObject({
      ...machineShape,
      auth: z
        .boolean()
        .describe(
          "Whether it requires a password, and TLS where it is the cloud's own. Set it to false for an application " +
            'that supports only a host and a port.',
        )
        .default(true),
      acceptFormerPassword: z
        .boolean()
        .describe(
          "For the cloud's own cache, while its password changes: true accepts both the former password and the new one, " +
            'false only the new one. Change the secret and set it to true in one deployment, remove it in the ' +
            'next, when every machine has the new password. @default false',
        )
        .exactOptional(),
      memoryMb: guided(
        z
          .int()
          .min(64)
          .max(262_144)
          .describe(
            "The memory of Redis in MB, of which data take 70 % at most. The cloud's own cache has the memory of its size.",
          ),
        { allowed: 'a whole number of MB from 64 to 262144' },
      ).default(512),
      eviction: guided(
        z
          .enum(evictions)
          .describe(
            "What it removes when its data fill their memory, by Redis' own names: noeviction refuses writes instead, " +
              'volatile-… removes only data that have an expiry, allkeys-… any.',
          ),
        { allowed: evictions.join(', ') },
      ).default('volatile-lru'),
      persistent: z
        .boolean()
        .describe(
          'Whether its data outlive a restart: each write is in a file within a second, and a snapshot of all is taken ' +
            "each hour. The cloud's own cache takes a snapshot each day and keeps seven.",
        )
        .default(true),
      failover: z
        .boolean()
        .describe(
          "Whether another Redis has every write too and takes over when the first fails. The cloud's own cache has a second " +
            'node in another zone. Elsewhere there are three machines, each with a Sentinel, for an application that asks ' +
            'the Sentinels which one is the master; one machine that stood alone keeps its data, and becomes the first.',
        )
        .default(false),
      tls: z
        .boolean()
        .describe(
          "Whether connections to a machine use TLS too, with a certificate of the system's own authority, by which clients " +
            'check it: for a network that others may read. Write it at a quiet hour: until their own releases, callers ' +
            "can't reach a Redis that has changed. The cloud's own cache uses TLS wherever it has a password.",
        )
        .default(false),
      volumeGb: volumeGb
        .describe(
          'The disk of its data in GB, which is kept when the machine is replaced. It can only grow, and has to be there ' +
            "before the data are. Not for the cloud's own cache. @default the data are on the machine's disk, and go with it",
        )
        .exactOptional(),
    })
    .check(({ value, issues }) => {
      const refuse = (key: 'volumeGb' | 'tls', message: string) =>
        issues.push({ code: 'custom', path: [key], input: value[key], message });
      if (!value.persistent && value.volumeGb !== undefined)
        refuse('volumeGb', 'is a disk for data that `persistent: false` does not write: remove one of the two');
      if (value.tls && !value.auth)
        refuse('tls', 'is not for an application that supports only a host and a port: remove it, or `auth: false`');
    })
    .describe("The cache: the size of the cloud's own, or the machine that replaces it."),
  machineExample,
);
