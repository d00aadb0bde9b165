import { RecordSet } from '@pulumi/azure-native/dns/recordSet.js';
import type { PublicName } from '../makers.ts';
import type { AzureMachine } from './machine.ts';
import type { Scope } from './scope.ts';

/** Seconds; short, so that clients follow soon when a name moves to another machine */
const ttl = 300;

/** Creates a DNS record for a public name inside the zone of the settings. The outputs list all names. */
export function makeRecord(
  { request, settings, options }: Scope,
  { name, to }: PublicName<AzureMachine, unknown>,
): void {
  const { dnsZone: zone, dnsZoneGroup: group = settings.resourceGroup } = settings;
  const relative = zone === undefined ? undefined : within(zone, name);
  if (zone === undefined || group === undefined || relative === undefined || !('machine' in to)) return;
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

/** Returns the name relative to its zone: `@` for the zone itself, `undefined` for a name outside of it */
function within(zone: string, name: string): string | undefined {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
