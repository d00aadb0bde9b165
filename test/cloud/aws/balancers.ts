import type { ListenerArgs } from '@pulumi/aws/lb/listener.js';
import type { LoadBalancerArgs } from '@pulumi/aws/lb/loadBalancer.js';
import type { TargetGroupArgs } from '@pulumi/aws/lb/targetGroup.js';
import type { TargetGroupAttachmentArgs } from '@pulumi/aws/lb/targetGroupAttachment.js';
import type { Account } from './account.ts';
import { camel, kind, only, pascal, tagList, tagsOf } from './kind.ts';

const service = 'elbv2';
type Attributes = { Key: string; Value: string }[];

const attributeList = (values: Readonly<Record<string, string | number | boolean>>): Attributes =>
  Object.entries(values).map(([Key, value]) => ({ Key, Value: `${value}` }));

const told = (attributes: Attributes, key: string): string | undefined =>
  attributes.find(({ Key }) => Key === key)?.Value;

async function tagsThere(aws: Account, arn: string) {
  const { TagDescriptions } = await aws.call<{ TagDescriptions: { Tags: { Key: string; Value: string }[] }[] }>(
    service,
    'DescribeTags',
    { ResourceArns: [arn] },
  );
  return tagsOf(only(TagDescriptions, arn).Tags);
}

interface ThereTargets {
  TargetGroupName: string;
  Port: number;
  Protocol: string;
  TargetType: string;
  VpcId: string;
  HealthCheckPath: string;
  HealthCheckIntervalSeconds: number;
  HealthCheckTimeoutSeconds: number;
  HealthyThresholdCount: number;
  UnhealthyThresholdCount: number;
  Matcher: { HttpCode: string };
}

export const balancers = {
  'aws:lb/loadBalancer:LoadBalancer': kind<LoadBalancerArgs>({
    async make(aws, inputs, tags) {
      const { LoadBalancers } = await aws.call<{
        LoadBalancers: { LoadBalancerArn: string; DNSName: string; CanonicalHostedZoneId: string }[];
      }>(service, 'CreateLoadBalancer', {
        ...{
          Name: inputs.name,
          Type: inputs.loadBalancerType,
          Scheme: inputs.internal ? 'internal' : 'internet-facing',
        },
        ...{ Subnets: inputs.subnets, SecurityGroups: inputs.securityGroups, Tags: tagList(tags) },
      });
      const { LoadBalancerArn, DNSName, CanonicalHostedZoneId } = only(LoadBalancers, inputs.name);
      const { bucket, prefix, enabled } = inputs.accessLogs;
      await aws.call(service, 'ModifyLoadBalancerAttributes', {
        LoadBalancerArn,
        Attributes: attributeList({
          'routing.http.drop_invalid_header_fields.enabled': inputs.dropInvalidHeaderFields,
          'deletion_protection.enabled': inputs.enableDeletionProtection,
          ...{ 'access_logs.s3.enabled': enabled ?? false, 'access_logs.s3.bucket': bucket },
          'access_logs.s3.prefix': prefix ?? '',
        }),
      });
      return { id: LoadBalancerArn, arn: LoadBalancerArn, dnsName: DNSName, zoneId: CanonicalHostedZoneId };
    },
    async read(aws, id) {
      const { LoadBalancers } = await aws.call<{ LoadBalancers: ThereBalancer[] }>(service, 'DescribeLoadBalancers', {
        LoadBalancerArns: [id],
      });
      const there = only(LoadBalancers, id);
      const { Attributes } = await aws.call<{ Attributes: Attributes }>(service, 'DescribeLoadBalancerAttributes', {
        LoadBalancerArn: id,
      });
      const on = (key: string) => told(Attributes, key) === 'true';
      return {
        ...{ name: there.LoadBalancerName, loadBalancerType: there.Type, internal: there.Scheme === 'internal' },
        ...{ subnets: there.AvailabilityZones.map(({ SubnetId }) => SubnetId), securityGroups: there.SecurityGroups },
        dropInvalidHeaderFields: on('routing.http.drop_invalid_header_fields.enabled'),
        enableDeletionProtection: on('deletion_protection.enabled'),
        accessLogs: {
          bucket: told(Attributes, 'access_logs.s3.bucket'),
          ...{ prefix: told(Attributes, 'access_logs.s3.prefix'), enabled: on('access_logs.s3.enabled') },
        },
        tags: await tagsThere(aws, id),
      };
    },
  }),
  'aws:lb/targetGroup:TargetGroup': kind<TargetGroupArgs>({
    async make(aws, inputs, tags) {
      const { healthCheck, stickiness } = inputs;
      const { TargetGroups } = await aws.call<{ TargetGroups: { TargetGroupArn: string }[] }>(
        service,
        'CreateTargetGroup',
        {
          ...{ Name: inputs.name, Port: inputs.port, Protocol: inputs.protocol, VpcId: inputs.vpcId },
          ...{ TargetType: inputs.targetType, HealthCheckPath: healthCheck.path, Tags: tagList(tags) },
          ...{ HealthCheckIntervalSeconds: healthCheck.interval, HealthCheckTimeoutSeconds: healthCheck.timeout },
          HealthyThresholdCount: healthCheck.healthyThreshold,
          UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
          Matcher: { HttpCode: healthCheck.matcher },
        },
      );
      const { TargetGroupArn } = only(TargetGroups, inputs.name);
      await aws.call(service, 'ModifyTargetGroupAttributes', {
        TargetGroupArn,
        Attributes: attributeList({
          'deregistration_delay.timeout_seconds': inputs.deregistrationDelay,
          ...{ 'stickiness.enabled': stickiness.enabled ?? true, 'stickiness.type': stickiness.type },
          'stickiness.lb_cookie.duration_seconds': stickiness.cookieDuration ?? 86_400,
        }),
      });
      return { id: TargetGroupArn, arn: TargetGroupArn };
    },
    async read(aws, id) {
      const { TargetGroups } = await aws.call<{ TargetGroups: ThereTargets[] }>(service, 'DescribeTargetGroups', {
        TargetGroupArns: [id],
      });
      const there = only(TargetGroups, id);
      const { Attributes } = await aws.call<{ Attributes: Attributes }>(service, 'DescribeTargetGroupAttributes', {
        TargetGroupArn: id,
      });
      return {
        ...{ name: there.TargetGroupName, port: there.Port, protocol: there.Protocol, vpcId: there.VpcId },
        targetType: there.TargetType,
        healthCheck: {
          ...{ path: there.HealthCheckPath, matcher: there.Matcher.HttpCode },
          ...{ interval: there.HealthCheckIntervalSeconds, timeout: there.HealthCheckTimeoutSeconds },
          ...{ healthyThreshold: there.HealthyThresholdCount, unhealthyThreshold: there.UnhealthyThresholdCount },
        },
        stickiness: {
          ...{ type: told(Attributes, 'stickiness.type'), enabled: told(Attributes, 'stickiness.enabled') === 'true' },
          cookieDuration: Number(told(Attributes, 'stickiness.lb_cookie.duration_seconds')),
        },
        deregistrationDelay: Number(told(Attributes, 'deregistration_delay.timeout_seconds')),
        tags: await tagsThere(aws, id),
      };
    },
  }),
  'aws:lb/targetGroupAttachment:TargetGroupAttachment': kind<TargetGroupAttachmentArgs>({
    async make(aws, { targetGroupArn, targetId, port }) {
      const Targets = [{ Id: targetId, Port: port }];
      await aws.call(service, 'RegisterTargets', { TargetGroupArn: targetGroupArn, Targets });
      return { id: `${targetGroupArn}-${targetId}` };
    },
    async read(aws, _, { targetGroupArn, targetId }) {
      const { TargetHealthDescriptions: all } = await aws.call<{
        TargetHealthDescriptions: { Target: { Id: string; Port: number } }[];
      }>(service, 'DescribeTargetHealth', { TargetGroupArn: targetGroupArn });
      const { Target } = only(
        all.filter((one) => one.Target.Id === targetId),
        targetId,
      );
      return { targetGroupArn, targetId: Target.Id, port: Target.Port };
    },
  }),
  'aws:lb/listener:Listener': kind<ListenerArgs>({
    async make(aws, inputs, tags) {
      const { Listeners } = await aws.call<{ Listeners: { ListenerArn: string }[] }>(service, 'CreateListener', {
        ...{ LoadBalancerArn: inputs.loadBalancerArn, Port: inputs.port, Protocol: inputs.protocol },
        ...(inputs.sslPolicy && { SslPolicy: await known(aws, inputs.sslPolicy) }),
        ...(inputs.certificateArn && { Certificates: [{ CertificateArn: inputs.certificateArn }] }),
        DefaultActions: inputs.defaultActions
          .map(({ type, redirect, targetGroupArn }) => ({
            ...{ Type: type, TargetGroupArn: targetGroupArn, RedirectConfig: pascal(redirect) },
          }))
          .map(stripped),
        Tags: tagList(tags),
      });
      return { id: only(Listeners, 'listener').ListenerArn };
    },
    async read(aws, id) {
      const { Listeners } = await aws.call<{ Listeners: ThereListener[] }>(service, 'DescribeListeners', {
        ListenerArns: [id],
      });
      const there = only(Listeners, id);
      return stripped({
        ...{ loadBalancerArn: there.LoadBalancerArn, port: there.Port, protocol: there.Protocol },
        sslPolicy: there.Protocol === 'HTTPS' ? there.SslPolicy : undefined,
        certificateArn: there.Certificates?.[0]?.CertificateArn,
        defaultActions: there.DefaultActions.map(({ Type, RedirectConfig, TargetGroupArn, ForwardConfig }) =>
          stripped({
            type: Type,
            redirect: RedirectConfig && camel(RedirectConfig),
            targetGroupArn: TargetGroupArn ?? ForwardConfig?.TargetGroups[0]?.TargetGroupArn,
          }),
        ),
        tags: await tagsThere(aws, id),
      });
    },
  }),
};

interface ThereBalancer {
  LoadBalancerName: string;
  Type: string;
  Scheme: string;
  AvailabilityZones: { SubnetId: string }[];
  SecurityGroups: string[];
}

interface ThereListener {
  LoadBalancerArn: string;
  Port: number;
  Protocol: string;
  SslPolicy?: string;
  Certificates?: { CertificateArn: string }[];
  DefaultActions: {
    Type: string;
    RedirectConfig?: object;
    TargetGroupArn?: string;
    ForwardConfig?: { TargetGroups: { TargetGroupArn: string }[] };
  }[];
}

/** Without what is not there */
const stripped = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));

/** @throws if AWS has no policy of TLS of that name */
async function known(aws: Account, policy: string): Promise<string> {
  const { SslPolicies } = await aws.call<{ SslPolicies: { Name: string }[] }>(service, 'DescribeSSLPolicies', {});
  if (SslPolicies.some(({ Name }) => Name === policy)) return policy;
  throw new Error(`${policy} is none of ${SslPolicies.map(({ Name }) => Name).join(', ')}`);
}
