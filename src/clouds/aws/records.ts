import { getZoneOutput } from '@pulumi/aws/route53/getZone.js';
import { Record as DnsRecord } from '@pulumi/aws/route53/record.js';
import { machineFact } from '../../model/names.ts';
import type { Provisioned } from '../cloud.ts';
import type { MadeBalancer } from './balancer.ts';
import type { Site } from './site.ts';

/** Public names in the zone that the settings name; others are printed with the outputs */
export function makeRecords(site: Site, facts: Provisioned['facts'], balancers: readonly MadeBalancer[]): void {
  const { blueprint, environment } = site.request;
  const zone = environment.clouds.aws?.dnsZone;
  if (zone === undefined) return;
  const inside = blueprint.records.filter(({ name }) => name === zone || name.endsWith(`.${zone}`));
  if (inside.length === 0) return;
  const { zoneId } = getZoneOutput({ name: zone }, site.options);
  for (const { name, to } of inside) {
    const record = { zoneId, name, type: 'A' };
    if ('role' in to) {
      const address = facts[machineFact(to.role, to.index, 'publicAddress')];
      if (!address) throw new Error(`record ${name} names a machine that the system lacks`);
      new DnsRecord(name, { ...record, ttl: 300, records: [address] }, site.options);
    } else {
      const balancer = balancers.find((made) => made.name === to.balancer)?.loadBalancer;
      if (!balancer) throw new Error(`record ${name} names a balancer that the system lacks`);
      const alias = { name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: false };
      new DnsRecord(name, { ...record, aliases: [alias] }, site.options);
    }
  }
}
