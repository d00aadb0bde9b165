import { ZoneRecord } from '@ovhcloud/pulumi-ovh/domain/zoneRecord.js';
import type { DnsRecord } from '../../model/blueprint.ts';
import { machineFact } from '../../model/names.ts';
import type { Provisioned, ProvisionRequest } from '../cloud.ts';
import type { Site } from './site.ts';

/** How long others may remember an address, in seconds: it changes when another is adopted */
const ttl = 300;

/** The public names that lie in the zone; the others are printed with the stack's outputs */
export function zoneRecords({ blueprint }: ProvisionRequest, site: Site, facts: Provisioned['facts']): void {
  const zone = site.settings.dnsZone;
  if (zone === undefined) return;
  for (const record of blueprint.records) {
    const subdomain = within(zone, record);
    if (subdomain === undefined || 'balancer' in record.to) continue;
    const target = facts[machineFact(record.to.role, record.to.index, 'publicAddress')];
    if (target === undefined)
      throw new Error(`record ${record.name} names a machine that system ${blueprint.system} lacks`);
    new ZoneRecord(record.name, { zone, subdomain, fieldtype: 'A', target, ttl }, site.ovh());
  }
}

/** The part of a name before its zone, empty for the zone itself */
function within(zone: string, { name }: DnsRecord): string | undefined {
  if (name === zone) return '';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
