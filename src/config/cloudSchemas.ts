import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import { alertOptions } from './alertFields.ts';
import { guided, textField } from './guide.ts';
import { monitoring } from './monitoringFields.ts';
import { registries } from './registryFields.ts';

/** Settings of clouds that are not part of a system, one key for each cloud */
export function cloudSettings(clouds: Clouds) {
  const settings = Object.values(clouds).flatMap(({ name, settings }) =>
    settings ? [[name, settings.exactOptional()] as const] : [],
  );
  return guided(
    z
      .strictObject(Object.fromEntries(settings))
      .describe('Settings of each cloud that apply to all its systems, by cloud.'),
    { allowed: `blocks by cloud: ${settings.map(([name]) => name).join(', ')}` },
  );
}

/** Blocks that the set-ups of clouds on this computer write, by key */
export const preparations = (clouds: Clouds) =>
  Object.fromEntries(
    Object.values(clouds).flatMap(({ name, prepared }) =>
      prepared ? [[`berth:${name}`, prepared.schema.exactOptional()] as const] : [],
    ),
  );

/** Keys of a system's entry that say where and how it is deployed, besides the system's own options */
export const placementOn = (clouds: Clouds) =>
  z.looseObject({
    cloud: guided(z.enum(Object.keys(clouds)).describe('Where the system runs.'), {
      allowed: Object.keys(clouds).join(', '),
    }),
    ...placement,
  });

export type Placement = ReturnType<typeof placementOn>;

const placement = {
  region: textField({
    noun: 'the name of a region',
    description: "A region, by the cloud's own name; not for clouds without regions.",
    examples: ['GRA7', 'westeurope', 'eu-west-3'],
    allowed: "the cloud's own name of a region, such as GRA7",
    pattern: /^[A-Za-z][A-Za-z0-9-]{1,31}$/,
  }).exactOptional(),
  restartEdge: z
    .boolean()
    .describe(
      'By default a release does not restart the edge, even if its own configuration has changed, because a restart fails ' +
        'requests for some seconds. Set it to true for one deployment at a quiet hour, then remove it. @default false',
    )
    .exactOptional(),
  allowDestroy: z
    .boolean()
    .describe(
      'Machines, addresses, volumes and buckets are protected: a deployment that would remove one fails. Set it to true to take a system ' +
        'down, or to remove a part of it with its data. @default false',
    )
    .exactOptional(),
  trustNetwork: z
    .boolean()
    .describe(
      'Traffic between the machines of a system (APIs, exporters, caches without `tls`; not MySQL and PostgreSQL) is unencrypted. Without a private ' +
        'network that is refused. Set it to true if nobody else can read the network between them. @default false',
    )
    .exactOptional(),
  monitoring: monitoring.exactOptional(),
  alerts: alertOptions.exactOptional(),
  registries: registries('<system>').exactOptional(),
};
