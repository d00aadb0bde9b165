import { z } from 'zod';
import type { MonitoringOptions } from '../model/monitoring.ts';
import { domainName, emailAddress } from './fields.ts';
import { guided } from './guide.ts';
import { dataMachineOptions } from './machineFields.ts';

const block = dataMachineOptions
  .extend({
    retentionDays: guided(z.int().min(1).max(400).describe('How many days figures are kept.'), {
      allowed: 'a whole number of days from 1 to 400',
    }).default(30),
    domain: domainName
      .describe(
        'What the names of its pages stand under: prometheus., alerts. and grafana. @default what the system says, or its own name',
      )
      .exactOptional(),
    contact: emailAddress
      .describe("Where the certificate authority writes to. @default the contact of the system's own certificates")
      .exactOptional(),
  })
  .describe('The machine that watches the others.');

/** Option of any system: a machine of its own that watches the others */
export const monitoring = guided(
  z
    .union([block, z.literal(true)])
    .describe(
      'A machine of its own that watches the others of the system: each gets an exporter, and Prometheus, Alertmanager and ' +
        "Grafana read them. true gives it the size of the system's first machine and a data disk of 20 GB. @default none",
    ),
  { allowed: 'true, or a block such as { size: s1-4, volumeGb: 20 }', machines: true },
);

/** Returns the options of the machine that an entry asks for */
export const monitoringAsked = (asked: z.infer<typeof monitoring>): MonitoringOptions =>
  asked === true ? block.parse({}) : asked;
