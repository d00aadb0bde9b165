import { ZoneRecord } from '@ovhcloud/pulumi-ovh/domain/zoneRecord.js';
import type { MadeMachine, PublicName } from '../makers.ts';
import type { Shared } from './shared.ts';

/** How long others may remember an address, in seconds: it changes when another is adopted */
const ttl = 300;

/** A public name, where it lies in the zone; the others are printed with the stack's outputs */
export function makeRecord(site: Shared, { name, to }: PublicName<MadeMachine, unknown>): void {
  const zone = site.settings.dnsZone;
  const subdomain = zone === undefined ? undefined : within(zone, name);
  if (zone === undefined || subdomain === undefined || 'balancer' in to) return;
  const target = to.machine.facts.publicAddress.value;
  new ZoneRecord(name, { zone, subdomain, fieldtype: 'A', target, ttl }, site.ovh());
}

/** The part of a name before its zone, empty for the zone itself */
function within(zone: string, name: string): string | undefined {
  if (name === zone) return '';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
