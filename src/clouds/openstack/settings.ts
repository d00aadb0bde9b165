import { z } from 'zod';
import { guided, textField } from '../../config/guide.ts';
import { dnsZone } from '../dnsZone.ts';
import { ovhProject } from '../ovhProject.ts';

/** Settings of OVH Public Cloud */
export const settings = guided(
  z
    .strictObject({
      project: ovhProject,
      network: guided(
        z
          .enum(['public', 'private'])
          .describe(
            "Whether machines are on the provider's public network (Ext-Net), or on a private network behind a router.",
          ),
        { allowed: 'public or private' },
      ).default('public'),
      logsService: textField({
        noun: 'the name of a Logs Data Platform service',
        description: 'The Logs Data Platform service in which log streams are created.',
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

export type OpenstackSettings = z.infer<typeof settings>;

declare module '../../model/environment.ts' {
  interface CloudSettings {
    openstack?: OpenstackSettings;
  }
}
