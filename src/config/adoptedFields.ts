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
    (clouds) => `Where it is a machine of ${labPlaces(clouds)}: the role's schedule becomes the lab's own for it.`,
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
      address: guided(ipv4.describe('Where the bastion is reached over SSH.'), {
        allowed: 'an IPv4 address, such as 203.0.113.7',
      }),
      privateAddress: ipv4
        .describe(
          'Where its connections to the machine come from, which the firewall of the machine lets in. @default address',
        )
        .exactOptional(),
      port: portOf('The port of its SSH server.').default(22),
      user: loginName(
        'Who logs in to it: has the public half of the deploy key, and may forward TCP connections.',
        'jump',
      ),
      hostKey: hostKey.describe(
        "The bastion's SSH host key, pinned as the machine's own: what `cat /etc/ssh/ssh_host_ed25519_key.pub` prints there.",
      ),
    })
    .describe(
      'The bastion by way of which the machine is reached over SSH. Its address is then as the bastion knows it, and may ' +
        'be private. @default none: it is reached from here',
    ),
  { allowed: 'a block with address, user and hostKey' },
);

/** A role's options for a machine that exists already */
export const adoptedHost = guided(
  z
    .strictObject({
      // Two systems on one machine would overwrite each other's firewall
      address: guided(ipv4.describe('Where it is reached over SSH. No other system may have this machine.'), {
        allowed: 'an IPv4 address, such as 203.0.113.10',
        claims: 'machine',
      }),
      privateAddress: ipv4
        .describe('Where the other machines of the system reach it. @default address')
        .exactOptional(),
      port: portOf('The port of its SSH server.').default(22),
      user: loginName(
        'Who logs in: has the public half of the deploy key, and may use sudo without a password.',
        'debian',
      ),
      hostKey,
      proxy: proxy.exactOptional(),
      keepOpen: guided(
        z
          .array(guided(z.int().min(1).max(65535), { allowed: 'a port number from 1 to 65535' }))
          .describe(
            'Ports that other programs on it use and that stay open to everybody, over TCP and UDP. The first deployment ' +
              'lists those that listen and are not named.',
          ),
        { allowed: 'a list of port numbers, such as [8080]' },
      ).default([]),
      devTestLab: devTestLab.exactOptional(),
    })
    .describe('A machine that exists already.'),
  { allowed: 'a block with address, user and hostKey' },
);
