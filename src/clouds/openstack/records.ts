import { ZoneRecord } from '@ovhcloud/pulumi-ovh/domain/zoneRecord.js';
import type { MadeMachine, PublicName } from '../makers.ts';
import type { Shared } from './shared.ts';

/** Seconds; short, because the address changes when another one is adopted */
const ttl = 300;

/** Creates a DNS record for a public name inside the zone of the settings. The outputs list the others. */
export function makeRecord(scope: Shared, { name, to }: PublicName<MadeMachine, unknown>): void {
  const zone = scope.settings.dnsZone;
  const subdomain = zone === undefined ? undefined : within(zone, name);
  if (zone === undefined || subdomain === undefined || 'balancer' in to) return;
  const target = ('failover' in to ? to.failover : to.machine).facts.publicAddress.value;
  new ZoneRecord(name, { zone, subdomain, fieldtype: 'A', target, ttl }, scope.ovh());
}

/** Returns the part of a name before its zone: empty for the zone itself, `undefined` for a name outside of it */
function within(zone: string, name: string): string | undefined {
  if (name === zone) return '';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
