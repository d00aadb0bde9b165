import type { RecordArgs } from '@pulumi/aws/route53/record.js';
import type { ScheduleArgs } from '@pulumi/aws/scheduler/schedule.js';
import { camel, kind, only, pascal } from './kind.ts';

export const records = {
  'aws:route53/record:Record': kind<RecordArgs>({
    async make(aws, { zoneId, name, type, ttl, records, aliases }) {
      const [alias] = aliases ?? [];
      const target = alias && {
        ...{ DNSName: alias.name, HostedZoneId: alias.zoneId, EvaluateTargetHealth: alias.evaluateTargetHealth },
      };
      const values = { TTL: ttl, ResourceRecords: records?.map((Value) => ({ Value })) };
      const ResourceRecordSet = { Name: name, Type: type, ...(target ? { AliasTarget: target } : values) };
      await aws.call('route53', 'ChangeResourceRecordSets', {
        ...{ HostedZoneId: zoneId, ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] } },
      });
      return { id: `${zoneId}_${name}_${type}` };
    },
    async read(aws, _, { zoneId, name }) {
      const { ResourceRecordSets } = await aws.call<{ ResourceRecordSets: ThereRecord[] }>(
        'route53',
        'ListResourceRecordSets',
        { HostedZoneId: zoneId },
      );
      const own = ResourceRecordSets.filter(({ Name, Type }) => Name === `${name}.` && Type === 'A');
      const { Name, Type, TTL, ResourceRecords, AliasTarget: to } = only(own, name);
      return {
        ...{ zoneId, name: Name.replace(/\.$/, ''), type: Type },
        ...(to
          ? {
              aliases: [
                {
                  name: to.DNSName.replace(/\.$/, ''),
                  zoneId: to.HostedZoneId,
                  evaluateTargetHealth: to.EvaluateTargetHealth,
                },
              ],
            }
          : { ttl: TTL, records: ResourceRecords?.map(({ Value }) => Value) }),
      };
    },
  }),
  'aws:scheduler/schedule:Schedule': kind<ScheduleArgs>({
    async make(aws, inputs) {
      await aws.call('scheduler', 'CreateSchedule', pascal(inputs) as object);
      return { id: `default/${inputs.name}` };
    },
    async read(aws, _, { name, target }) {
      const there = camel(await aws.call('scheduler', 'GetSchedule', { Name: name })) as Record<string, object>;
      const { arn, roleArn, input } = there.target as Record<string, string>;
      const { description, scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow } = there;
      return {
        ...{ name: there.name, description, scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow },
        target: target && { arn, roleArn, input },
      };
    },
  }),
};

interface ThereRecord {
  Name: string;
  Type: string;
  TTL?: number;
  ResourceRecords?: { Value: string }[];
  AliasTarget?: { DNSName: string; HostedZoneId: string; EvaluateTargetHealth: boolean };
}
