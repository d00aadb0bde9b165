import type { Instance } from '@pulumi/aws/ec2/instance.js';
import { Listener } from '@pulumi/aws/lb/listener.js';
import { LoadBalancer } from '@pulumi/aws/lb/loadBalancer.js';
import { TargetGroup } from '@pulumi/aws/lb/targetGroup.js';
import { TargetGroupAttachment } from '@pulumi/aws/lb/targetGroupAttachment.js';
import { Command } from '@pulumi/command/local/command.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Balancer } from '../../model/blueprint.ts';
import { guarded } from '../keep.ts';
import { type MadeBalancer, plainFact } from '../makers.ts';
import { groupOf } from './groups.ts';
import type { AwsMachine } from './machine.ts';
import type { Network } from './network.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';

export interface AwsBalancer extends MadeBalancer<AwsMachine> {
  loadBalancer: LoadBalancer;
}

/**
 * Creates an Application Load Balancer over both zones. It serves HTTPS with the certificate that its options name and
 * redirects HTTP to it.
 */
export function makeBalancer(scope: Shared, balancer: Balancer): AwsBalancer {
  const { network, groups, log } = scope;
  const { name } = balancer;
  if (!log) throw new Error(`balancer ${name} has no log, which a system with balancers has`);
  const logical = `${scope.system}-${name}`;
  const tags = scope.tags(logical);
  const loadBalancer = new LoadBalancer(
    logical,
    {
      name: scope.named(32, name),
      loadBalancerType: 'application',
      internal: false,
      subnets: network.subnets.map(({ id }) => id),
      securityGroups: [groupOf(groups, name).id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: !scope.request.entry.allowDestroy,
      accessLogs: { bucket: log.bucket.bucket, prefix: name, enabled: true },
      tags,
    },
    { ...scope.options, ...guarded(scope.request), dependsOn: [log.policy, ...network.ready] },
  );
  const targets = makeTargets(scope, network, balancer);
  const listener = { loadBalancerArn: loadBalancer.arn, tags };
  new Listener(
    `${logical}-http`,
    {
      ...listener,
      port: 80,
      protocol: 'HTTP',
      defaultActions: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
    },
    scope.options,
  );
  new Listener(
    `${logical}-https`,
    {
      ...listener,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      certificateArn: certificateOf(balancer),
      defaultActions: [{ type: 'forward', targetGroupArn: targets.arn }],
    },
    scope.options,
  );
  return {
    loadBalancer,
    facts: {
      address: plainFact(loadBalancer.dnsName),
      networks: plainFact(network.plan.zones.map(({ subnet }) => subnet).join(',')),
    },
    attach: ({ host, instance }, release) => {
      new TargetGroupAttachment(
        `${host.name}-in-${name}`,
        { targetGroupArn: targets.arn, targetId: instance.id, port: balancer.port },
        { ...scope.options, dependsOn: [release, lastRequests(scope, `${host.name}-from-${name}`, instance)] },
      );
    },
  };
}

/** Time that open requests get to finish after their machine is deregistered from the balancer */
const drainSeconds = 30;

/**
 * Delays the deletion of a machine until its open requests have finished: AWS drains the target, but the provider
 * deletes the machine at once (hashicorp/terraform-provider-aws#5603)
 */
const lastRequests = ({ options: { parent } }: Scope, name: string, instance: Instance): pulumi.Resource =>
  new Command(
    name,
    { interpreter: ['node', '-e'], delete: `setTimeout(() => {}, ${drainSeconds * 1000})`, triggers: [instance.id] },
    { parent, deleteBeforeReplace: true },
  );

/** Creates the target group of a balancer: health checks, and sticky sessions where the balancer asks for them */
const makeTargets = (scope: Scope, { vpc }: Network, { name, port, healthPath, sticky }: Balancer): TargetGroup =>
  new TargetGroup(
    `${scope.system}-${name}`,
    {
      // Changing the port replaces the group; the new one must exist before the listener leaves the old one, so its
      // name differs
      name: scope.named(32, name, `${port}`),
      port,
      protocol: 'HTTP',
      targetType: 'instance',
      vpcId: vpc.id,
      healthCheck: {
        path: healthPath,
        matcher: '200-299',
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      stickiness: { type: 'lb_cookie', enabled: sticky, cookieDuration: 86_400 },
      deregistrationDelay: drainSeconds,
      tags: scope.tags(`${scope.system}-${name}`),
    },
    scope.options,
  );

/** @throws if the balancer has no certificate: `awsProblems` reports that earlier */
function certificateOf({ name, certificate }: Balancer): string {
  if (certificate === undefined) throw new Error(`balancer ${name} on aws has no certificate`);
  return certificate;
}
