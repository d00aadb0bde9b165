import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import { ipv4 } from './fields.ts';
import { described, guided, textField } from './guide.ts';
import { hostKey } from './sshPublicKey.ts';

const labWord = (noun: string, description: string, example: string) =>
  textField({
    noun,
    description,
    examples: [example],
    allowed: `${noun}, such as ${example}`,
    pattern: /^[A-Za-z0-9](?:[\w.()-]{0,88}[\w()-])?$/,
  });

const devTestLab = guided(
  described(
    z.strictObject({
      resourceGroup: labWord('the name of a resource group', 'The resource group of the lab.', 'lostops-lab'),
      lab: labWord('the name of a lab', 'The name of the lab.', 'lostops'),
      name: labWord('the name of a machine', 'The name of the machine in the lab.', 'lostops-app'),
    }),
    (clouds) =>
      `For a machine of ${labPlaces(clouds)}: the role's schedule is set as the lab's schedule of the machine.`,
  ),
  { allowed: 'a block with resourceGroup, lab and name' },
);

const labPlaces = (clouds: Clouds): string =>
  Object.values(clouds)
    .flatMap(({ adoptedHours }) => adoptedHours?.place ?? [])
    .join(' or ');

const loginName = (description: string, example: string) =>
  textField({
    noun: 'the name of a user',
    description,
    examples: [example],
    allowed: `a user of the machine, such as ${example}`,
    pattern: /^[a-z_][a-z0-9_-]{0,31}$/,
  });

const portOf = (description: string) =>
  guided(z.int().min(1).max(65535).describe(description), { allowed: 'a port number from 1 to 65535' });

const proxy = guided(
  z
    .strictObject({
      address: guided(ipv4.describe("The bastion's address for SSH."), {
        allowed: 'an IPv4 address, such as 203.0.113.7',
      }),
      privateAddress: ipv4
        .describe(
          "The address from which it connects to the machine; the machine's firewall allows it. @default address",
        )
        .exactOptional(),
      port: portOf('The port of its SSH server.').default(22),
      user: loginName('The login user: must accept the deploy key, and be allowed to forward TCP connections.', 'jump'),
      hostKey: hostKey.describe(
        "The bastion's SSH host key, pinned like the machine's: the output of `cat /etc/ssh/ssh_host_ed25519_key.pub` there.",
      ),
    })
    .describe(
      "The bastion through which the machine is reached over SSH. The machine's address is then resolved by the bastion, and may " +
        'be private. @default none: it is reached directly',
    ),
  { allowed: 'a block with address, user and hostKey' },
);

/** A role's options for a machine that exists already */
export const adoptedHostField = guided(
  z
    .strictObject({
      // Two systems on one machine would overwrite each other's firewall
      address: guided(ipv4.describe('The address for SSH. No other system may use this machine.'), {
        allowed: 'an IPv4 address, such as 203.0.113.10',
        claims: 'machine',
      }),
      privateAddress: ipv4
        .describe("The address at which the system's other machines reach it. @default address")
        .exactOptional(),
      port: portOf('The port of its SSH server.').default(22),
      user: loginName(
        'The login user: must accept the deploy key, and be allowed to use sudo without a password.',
        'debian',
      ),
      hostKey,
      proxy: proxy.exactOptional(),
      keepOpen: guided(
        z
          .array(guided(z.int().min(1).max(65535), { allowed: 'a port number from 1 to 65535' }))
          .describe(
            'Ports of other programs on it, which stay open to everybody over TCP and UDP. The first deployment ' +
              'lists the listening ports that are not named.',
          ),
        { allowed: 'a list of port numbers, such as [8080]' },
      ).default([]),
      devTestLab: devTestLab.exactOptional(),
    })
    .describe('A machine that exists already.'),
  { allowed: 'a block with address, user and hostKey' },
);
