import { z } from 'zod';
import { azureDefaults } from '../model/environment.ts';
import { existingSettings } from './existingSettings.ts';
import { guided, textField } from './guide.ts';
import { domainFlaw } from './network.ts';
import { exampleName } from './reserved.ts';

const dnsZone = textField({
  noun: 'a DNS zone',
  description: 'The DNS zone in which records are made. @default none: the records to set are in the outputs',
  examples: ['basegun.fr'],
  allowed: 'the name of a zone of the account, such as basegun.fr',
  pattern: /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
  flaw: domainFlaw,
  placeholder: exampleName,
});

const openstack = guided(
  z
    .strictObject({
      project: textField({
        noun: 'the id of a project',
        description: 'The id of the Public Cloud project, from the top of its page.',
        examples: ['0123456789abcdef0123456789abcdef'],
        allowed: '32 hexadecimal digits',
        pattern: /^[0-9a-f]{32}$/,
        placeholder: /^(?:0123456789abcdef){2}$/,
      }),
      network: guided(
        z
          .enum(['public', 'private'])
          .describe(
            "Whether machines stand on the provider's own network (Ext-Net), or on one of theirs behind a router.",
          ),
        { allowed: 'public or private' },
      ).default('public'),
      logsService: textField({
        noun: 'the name of a Logs Data Platform service',
        description: 'The Logs Data Platform service in which log streams are made.',
        examples: ['ldp-ab-12345'],
        allowed: 'the name of a service, such as ldp-ab-12345',
        pattern: /^ldp-[a-z]{2}-\d{1,10}$/,
        placeholder: /^ldp-ab-12345$/,
      }).exactOptional(),
      dnsZone: dnsZone.exactOptional(),
    })
    .describe('OVH Public Cloud.'),
  { allowed: 'a block with project' },
);

const groupName = textField({
  noun: 'the name of a resource group',
  description: 'An existing resource group.',
  examples: ['lostops'],
  allowed: 'at most 90 letters, digits, hyphens, underscores, dots and parentheses',
  pattern: /^[\w.()-]{0,89}[\w()-]$/,
});

const azure = guided(
  z
    .strictObject({
      resourceGroup: groupName
        .describe('An existing resource group that everything is made in. @default one of its own for each system')
        .exactOptional(),
      dnsZone: dnsZone.exactOptional(),
      dnsZoneGroup: groupName.describe('The resource group of the DNS zone. @default resourceGroup').exactOptional(),
      encryptionAtHost: z
        .boolean()
        .describe('Encrypts disks on the host too: the subscription must have the feature EncryptionAtHost.')
        .default(azureDefaults.encryptionAtHost),
      trustedLaunch: z
        .boolean()
        .describe('Secure boot and a virtual TPM: the size must be of generation 2.')
        .default(azureDefaults.trustedLaunch),
    })
    .describe('Azure.'),
  { allowed: 'a block, which may be empty' },
);

const aws = guided(z.strictObject({ dnsZone: dnsZone.exactOptional() }).describe('AWS.'), {
  allowed: 'a block, which may be empty',
});

/** What clouds need to know that is not a system's own: one key for each cloud */
export const cloudSettings = guided(
  z
    .strictObject({
      openstack: openstack.exactOptional(),
      azure: azure.exactOptional(),
      aws: aws.exactOptional(),
      existing: existingSettings.exactOptional(),
    })
    .describe("What a cloud needs to know that is not a system's own, by cloud."),
  { allowed: 'blocks by cloud: openstack, azure, aws, existing' },
);
