import { z } from 'zod';
import { guided, textField } from '../../config/guide.ts';
import type { CloudSettings } from '../../model/environment.ts';
import { dnsZone } from '../dnsZone.ts';

const groupName = textField({
  noun: 'the name of a resource group',
  description: 'An existing resource group.',
  examples: ['lostops'],
  allowed: 'at most 90 letters, digits, hyphens, underscores, dots and parentheses',
  pattern: /^[\w.()-]{0,89}[\w()-]$/,
});

/** Settings of an environment that configures nothing for Azure */
export const defaults = { encryptionAtHost: false, trustedLaunch: true };

/** Settings of Azure */
export const settings = guided(
  z
    .strictObject({
      resourceGroup: groupName
        .describe('An existing resource group for all resources. @default a new one for each system')
        .exactOptional(),
      dnsZone: dnsZone.exactOptional(),
      dnsZoneGroup: groupName.describe('The resource group of the DNS zone. @default resourceGroup').exactOptional(),
      encryptionAtHost: z
        .boolean()
        .describe('Encrypts disks at the host: the subscription must have the feature EncryptionAtHost.')
        .default(defaults.encryptionAtHost),
      trustedLaunch: z
        .boolean()
        .describe('Secure boot and a virtual TPM: the size must be of generation 2.')
        .default(defaults.trustedLaunch),
    })
    .describe('Azure.'),
  { allowed: 'a block, which may be empty' },
);

export type AzureSettings = z.infer<typeof settings>;

declare module '../../model/environment.ts' {
  interface CloudSettings {
    azure?: AzureSettings;
  }
}

/** Returns the Azure settings of an environment, or the defaults */
export const settingsIn = ({ azure }: CloudSettings): AzureSettings => azure ?? defaults;
