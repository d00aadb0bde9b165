import { z } from 'zod';
import { guided } from '../../config/guide.ts';

const generated = (what: string) =>
  guided(z.string().min(1).describe(what), { allowed: 'what `npx berth local` writes' });

/** What the set-up writes into the generated stack file, under `berth:local` */
export const prepared = guided(
  z
    .strictObject({
      machineImage: generated('The image that machines boot.'),
      firewallImage: generated("The image that the cloud's firewall works from. @default machineImage").exactOptional(),
      receivers: guided(
        z.strictObject({
          registry: generated('The registry of service images.'),
          objectStore: generated('The S3 server.'),
          logReceiver: generated('The OpenSearch server.'),
          acme: generated('The certificate authority.'),
        }),
        { allowed: 'what `npx berth local` writes' },
      ),
      registryData: generated("This computer's folder with the registry's data."),
      images: guided(z.record(z.string(), generated('The digest that runs in place of an image.')), {
        allowed: 'what `npx berth local` writes',
      }),
      withoutStandIn: guided(z.record(z.string(), generated('Why nothing stands in for the images of a repository.')), {
        allowed: 'what `npx berth local` writes',
      }).exactOptional(),
    })
    .describe('What the set-up prepared on this computer: `npx berth local` writes it, never a person.'),
  { allowed: 'what `npx berth local` writes' },
);

export type LocalSettings = z.infer<typeof prepared>;

declare module '../../model/environment.ts' {
  interface Prepared {
    local?: LocalSettings;
  }
}
