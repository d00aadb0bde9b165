import { z } from 'zod';
import { namesWhere } from '../model/cloud.ts';
import { evictions } from '../model/eviction.ts';
import { adoptedHostField } from './adoptedFields.ts';
import { backupOptions } from './backupFields.ts';
import { ipv4 } from './fields.ts';
import { described, guided, textField } from './guide.ts';
import { schedule } from './scheduleFields.ts';

// Fields for the machines of a role

export const size = textField({
  noun: 'the name of a machine size',
  description: "The size of a machine, by the cloud's own name.",
  examples: ['s1-2', 'b2-7', 'small'],
  allowed: "the cloud's own name of a machine size, such as s1-2",
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
});

export const diskGb = guided(
  z
    .int()
    .min(10)
    .max(4000)
    .describe('The disk of each machine in GB, at least 10: it must hold the images of two releases.'),
  { allowed: 'a whole number of GB from 10 to 4000' },
);

export const hostPort = guided(z.int().min(1).max(65535).describe("A port of this computer's 127.0.0.1."), {
  allowed: 'a port number from 1 to 65535',
  claims: 'port of this computer',
});

const machinePort = textField({
  noun: 'a port number',
  description: 'A port of the machine.',
  examples: ['80', '443'],
  allowed: 'a port number from 1 to 65535',
  pattern: /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
});

const hosts = (most: number) =>
  guided(
    described(
      z.array(adoptedHostField).min(1).max(most),
      (clouds) =>
        `Only on cloud ${namesWhere(clouds, ({ makesMachines }) => !makesMachines, ' or ')}: the machines to adopt, in order.`,
    ),
    {
      allowed: `a list of ${most === 1 ? 'one machine' : 'machines'}, such as [{ address: 203.0.113.10, user: debian, hostKey: "ssh-ed25519 AAAA…" }]`,
    },
  );

const shape = {
  size: size.describe("The size of each machine, by the cloud's own name. Not for existing machines.").exactOptional(),
  diskGb: diskGb.default(10),
  address: guided(
    ipv4
      .describe(
        'Adopts this reserved IPv4 address, which already exists. @default a new one, kept when the machine is deleted',
      )
      .exactOptional(),
    { allowed: 'an IPv4 address that the project has reserved, such as 203.0.113.10', claims: 'address' },
  ),
  publish: guided(
    described(
      z.record(machinePort, hostPort),
      (clouds) =>
        `Only on cloud ${namesWhere(clouds, ({ publishesPorts }) => publishesPorts, ' or ')}: ports of the machine → ports of ` +
        "this computer's 127.0.0.1, such as { 80: 8080, 443: 8443 }.",
    ).exactOptional(),
    { allowed: 'ports of the machine → ports of this computer, such as { 80: 8080, 443: 8443 }' },
  ),
  schedule: schedule.exactOptional(),
  hosts: hosts(16).exactOptional(),
};

const example = { allowed: 'a block such as { size: s1-2, diskGb: 10 }', machines: true };

/** Options of a role with one machine */
export const machineOptions = guided(z.strictObject(shape).describe('The machine of a role.'), example);

/** Options of a role that must have a single machine, such as a database or a scheduler */
export const loneMachineOptions = guided(
  z.strictObject({ ...shape, hosts: hosts(1).exactOptional() }).describe('The machine of a role.'),
  example,
);

const volumeGb = guided(
  z
    .int()
    .min(10)
    .max(16_000)
    .describe('The data disk in GB, which is kept when the machine is replaced. It can only grow.'),
  { allowed: 'a whole number of GB from 10 to 16000' },
);

const dataShape = { ...shape, hosts: hosts(1).exactOptional(), volumeGb: volumeGb.default(20) };

/** Options of a role with one machine and a data disk */
export const dataMachineOptions = guided(
  z.strictObject(dataShape).describe('The machine of a role, with a disk of its own for its data.'),
  example,
);

/** Options of a database's machine, with the backups of its data */
export const databaseOptions = guided(
  z
    .strictObject({ ...dataShape, backups: backupOptions.exactOptional() })
    .describe('The machine of a database, with a disk of its own for its data.'),
  example,
);

/** Options of a cache: the cloud's own cache, or a machine in its place */
export const cacheOptions = guided(
  z
    .strictObject({
      ...shape,
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
      volumeGb: volumeGb
        .describe(
          'The disk of its data in GB, which is kept when the machine is replaced. It can only grow, and has to be there ' +
            "before the data are. Not for the cloud's own cache. @default the data are on the machine's disk, and go with it",
        )
        .exactOptional(),
    })
    .check(({ value, issues }) => {
      if (value.persistent || value.volumeGb === undefined) return;
      const message = 'is a disk for data that `persistent: false` does not write: remove one of the two';
      issues.push({ code: 'custom', path: ['volumeGb'], input: value.volumeGb, message });
    })
    .describe("The cache: the size of the cloud's own, or the machine that replaces it."),
  example,
);

/** Options of a role that may have several machines */
export const fleetOptions = guided(
  z
    .strictObject({
      count: guided(z.int().min(1).max(16).describe('How many machines.'), {
        allowed: 'a whole number from 1 to 16',
      }).default(1),
      ...shape,
    })
    .describe('The machines of a role.'),
  { allowed: 'a block such as { count: 2, size: s1-2 }', machines: true },
);

/** Checked options of a role's machines, of either kind */
export type MachineOptions = z.infer<typeof machineOptions> & { count?: number };

/** Checked options of a cache that apply to its machine and its data */
export type CacheMachineOptions = MachineOptions &
  Partial<Pick<z.infer<typeof cacheOptions>, 'memoryMb' | 'eviction' | 'persistent' | 'volumeGb'>>;
