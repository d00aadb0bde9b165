import { RecordSet } from '@pulumi/azure-native/dns/recordSet.js';
import type { PublicName } from '../makers.ts';
import type { AzureMachine } from './machine.ts';
import type { Site } from './site.ts';

/** Seconds: a name that moves to another machine is followed soon */
const ttl = 300;

/** A public name, where it lies in the zone of the settings; the outputs name all of them */
export function makeRecord(
  { request, settings, options }: Site,
  { name, to }: PublicName<AzureMachine, unknown>,
): void {
  const { dnsZone: zone, dnsZoneGroup: group = settings.resourceGroup } = settings;
  const relative = zone === undefined ? undefined : within(zone, name);
  if (zone === undefined || group === undefined || relative === undefined || 'balancer' in to) return;
  new RecordSet(
    `${request.blueprint.system}-${name}`,
    {
      zoneName: zone,
      resourceGroupName: group,
      recordType: 'A',
      relativeRecordSetName: relative,
      ttl,
      aRecords: [{ ipv4Address: to.machine.host.address }],
    },
    options,
  );
}

/** The name as its zone writes it, `@` for the zone itself; none where it lies outside */
function within(zone: string, name: string): string | undefined {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
