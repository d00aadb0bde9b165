import { z } from 'zod';
import { guided } from '../../config/guide.ts';

const generated = (what: string) =>
  guided(z.string().min(1).describe(what), { allowed: 'what `npx berth local` writes' });

/** Block that the set-up writes into the generated stack file, under `berth:local` */
export const prepared = guided(
  z
    .strictObject({
      machineImage: generated('The image of machines.'),
      firewallImage: generated("The image that runs the cloud's firewall. @default machineImage").exactOptional(),
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
      images: guided(z.record(z.string(), generated('The digest that runs instead of an image.')), {
        allowed: 'what `npx berth local` writes',
      }),
      repositories: guided(z.record(z.string(), generated('The image that serves a git repository in its place.')), {
        allowed: 'what `npx berth local` writes',
      }).exactOptional(),
      withoutStandIn: guided(
        z.record(z.string(), generated('Why there is no stand-in for the images of a repository.')),
        {
          allowed: 'what `npx berth local` writes',
        },
      ).exactOptional(),
    })
    .describe('The results of the local set-up: written by `npx berth local`, not by hand.'),
  { allowed: 'what `npx berth local` writes' },
);

export type LocalSettings = z.infer<typeof prepared>;

declare module '../../model/environment.ts' {
  interface Prepared {
    local?: LocalSettings;
  }
}
