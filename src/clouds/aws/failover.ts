import { Listener } from '@pulumi/aws/lb/listener.js';
import { LoadBalancer } from '@pulumi/aws/lb/loadBalancer.js';
import { TargetGroup } from '@pulumi/aws/lb/targetGroup.js';
import { TargetGroupAttachment } from '@pulumi/aws/lb/targetGroupAttachment.js';
import type * as pulumi from '@pulumi/pulumi';
import { edgeProbe } from '../../model/edge.ts';
import { guarded } from '../keep.ts';
import { type FailoverRole, type MadeFailover, plainFact } from '../makers.ts';
import type { AwsMachine } from './machine.ts';
import type { Shared } from './shared.ts';

const ports = [80, 443] as const;

/**
 * Creates a Network Load Balancer over both zones, which hands the connections of the web to the machines of a role that
 * answer. The machines end TLS themselves and see the addresses of visitors.
 */
export function makeFailover(
  scope: Shared,
  { name, role, machines }: FailoverRole<AwsMachine>,
): MadeFailover<AwsMachine> {
  const { network, options } = scope;
  const logical = `${scope.system}-${name}`;
  const tags = scope.tags(logical, name);
  const balancer = new LoadBalancer(
    logical,
    {
      name: scope.named(32, name),
      loadBalancerType: 'network',
      internal: false,
      subnets: network.subnets.map(({ id }) => id),
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: !scope.request.entry.allowDestroy,
      tags,
    },
    { ...options, ...guarded(scope.request), dependsOn: [...network.ready] },
  );
  const path = role.edge ? edgeProbe(role.edge, role.services).path : '/';
  const targets = ports.map((port) => {
    const group = new TargetGroup(
      `${logical}-${port}`,
      {
        name: scope.named(32, name, `${port}`),
        port,
        protocol: 'TCP',
        targetType: 'instance',
        vpcId: network.vpc.id,
        // Of both ports by what a visitor asks for
        healthCheck: {
          ...{ protocol: 'HTTPS', port: '443', path, matcher: '200-299' },
          ...{ interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
        },
        // Connections to a machine that no longer answers end, so that their clients come back to another
        connectionTermination: true,
        deregistrationDelay: 30,
        tags,
      },
      options,
    );
    new Listener(
      `${logical}-${port}`,
      {
        loadBalancerArn: balancer.arn,
        port,
        protocol: 'TCP',
        defaultActions: [{ type: 'forward', targetGroupArn: group.arn }],
        tags,
      },
      options,
    );
    return { port, group };
  });
  const attach = ({ host, instance }: AwsMachine, release?: pulumi.Resource): void => {
    for (const { port, group } of targets)
      new TargetGroupAttachment(
        `${host.name}-${port}`,
        { targetGroupArn: group.arn, targetId: instance.id, port },
        { ...options, ...(release && { dependsOn: [release] }) },
      );
  };
  const [first] = machines;
  // An authority's question has to reach a machine before the first release can end, and then one that answers it
  if (first) attach(first);
  return {
    facts: { publicAddress: plainFact(balancer.dnsName) },
    alias: { dnsName: balancer.dnsName, zoneId: balancer.zoneId },
    attach: (machine, release) => {
      if (machine !== first) attach(machine, release);
    },
  };
}
