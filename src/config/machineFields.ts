import { z } from 'zod';
import { adoptsMachines, namesWhere } from '../model/cloud.ts';
import type { Rolling } from '../model/rolling.ts';
import { adoptedHostField } from './adoptedFields.ts';
import { backupOptions } from './backupFields.ts';
import { ipv4 } from './fields.ts';
import { described, guided, textField } from './guide.ts';
import { replicas } from './replicasField.ts';
import { rolling } from './rollingField.ts';
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
      (clouds) => `Only on cloud ${namesWhere(clouds, adoptsMachines, ' or ')}: the machines to adopt, in order.`,
    ),
    {
      allowed: `a list of ${most === 1 ? 'one machine' : 'machines'}, such as [{ address: 203.0.113.10, user: debian, hostKey: "ssh-ed25519 AAAA…" }]`,
    },
  );

const loneShape = {
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

export const machineShape = { ...loneShape, replicas: replicas.exactOptional() };

export const machineExample = { allowed: 'a block such as { size: s1-2, diskGb: 10 }', machines: true };

/** Options of a role with one machine */
export const machineOptions = guided(z.strictObject(machineShape).describe('The machine of a role.'), machineExample);

/** Options of a role that must have a single machine, such as a database or a scheduler */
export const loneMachineOptions = guided(
  z.strictObject({ ...loneShape, hosts: hosts(1).exactOptional() }).describe('The machine of a role.'),
  machineExample,
);

export const volumeGb = guided(
  z
    .int()
    .min(10)
    .max(16_000)
    .describe('The data disk in GB, which is kept when the machine is replaced. It can only grow.'),
  { allowed: 'a whole number of GB from 10 to 16000' },
);

/** Options of a role whose second machine takes over when the first fails */
export const balancerOptions = guided(
  z
    .strictObject({
      count: guided(
        z.int().min(1).max(2).describe('How many machines. Two have one address, which leads to one that works.'),
        { allowed: '1 or 2' },
      ).default(1),
      ...machineShape,
      hosts: hosts(1).exactOptional(),
    })
    .check(({ value, issues }) => {
      if (value.count === 1 || value.address === undefined) return;
      const message = 'is the address of one machine, and two have a new one in common: remove it, or write count: 1';
      issues.push({ code: 'custom', path: ['address'], input: value.address, message });
    })
    .describe('The machine in front of others, or two of them.'),
  { ...machineExample, allowed: 'a block such as { count: 2, size: s1-2 }' },
);

const dataShape = { ...loneShape, hosts: hosts(1).exactOptional(), volumeGb: volumeGb.default(20) };

/** Options of a role with one machine and a data disk */
export const dataMachineOptions = guided(
  z.strictObject(dataShape).describe('The machine of a role, with a disk of its own for its data.'),
  machineExample,
);

/** Options of a database's machine, with the backups of its data */
export const databaseOptions = guided(
  z
    .strictObject({ ...dataShape, backups: backupOptions.exactOptional() })
    .describe('The machine of a database, with a disk of its own for its data.'),
  machineExample,
);

/** Options of a role that may have several machines */
export const fleetOptions = guided(
  z
    .strictObject({
      count: guided(z.int().min(1).max(16).describe('How many machines.'), {
        allowed: 'a whole number from 1 to 16',
      }).default(1),
      rolling,
      ...machineShape,
    })
    .describe('The machines of a role.'),
  { allowed: 'a block such as { count: 2, size: s1-2 }', machines: true },
);

/** Checked options of a role's machines, of either kind */
export type MachineOptions = z.infer<typeof machineOptions> & {
  count?: number;
  rolling?: Rolling;
};
