import { Record as DnsRecord } from '@pulumi/aws/route53/record.js';
import type { PublicName } from '../makers.ts';
import type { AwsBalancer } from './balancer.ts';
import type { AwsMachine } from './machine.ts';
import type { Shared } from './shared.ts';

/**
 * Creates a DNS record for a public name inside the zone that the settings name. Records outside of it are listed in
 * the outputs only.
 */
export function makeRecord(scope: Shared, { name, to }: PublicName<AwsMachine, AwsBalancer>): void {
  const zone = scope.request.environment.clouds.aws?.dnsZone;
  if (zone === undefined || !(name === zone || name.endsWith(`.${zone}`))) return;
  const record = { zoneId: scope.zoneId(zone), name, type: 'A' };
  if ('machine' in to) {
    const { value } = to.machine.facts.publicAddress;
    new DnsRecord(name, { ...record, ttl: 300, records: [value] }, scope.options);
  } else {
    const alias = 'failover' in to ? to.failover.alias : to.balancer.loadBalancer;
    if (!alias) return;
    const { dnsName, zoneId } = alias;
    new DnsRecord(
      name,
      { ...record, aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }] },
      scope.options,
    );
  }
}
