import { RecordSet } from '@pulumi/azure-native/dns/recordSet.js';
import type { AzureMachine } from './machine.ts';
import type { Site } from './site.ts';

/** Seconds: a name that moves to another machine is followed soon */
const ttl = 300;

/** The public names that lie in the zone of the settings; the outputs name all of them */
export function makeRecords({ request, settings, options }: Site, machines: readonly AzureMachine[]): void {
  const { dnsZone: zone, dnsZoneGroup: group = settings.resourceGroup } = settings;
  if (zone === undefined || group === undefined) return;
  for (const { name, to } of request.blueprint.records) {
    const relative = within(zone, name);
    const machine = machines.find(({ host }) => 'role' in to && host.role === to.role && host.index === to.index);
    if (relative === undefined || !machine) continue;
    new RecordSet(
      `${request.blueprint.system}-${name}`,
      {
        zoneName: zone,
        resourceGroupName: group,
        recordType: 'A',
        relativeRecordSetName: relative,
        ttl,
        aRecords: [{ ipv4Address: machine.host.address }],
      },
      options,
    );
  }
}

/** The name as its zone writes it, `@` for the zone itself; none where it lies outside */
function within(zone: string, name: string): string | undefined {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : undefined;
}
