import { LogGroup } from '@pulumi/aws/cloudwatch/logGroup.js';
import { DefaultSecurityGroup } from '@pulumi/aws/ec2/defaultSecurityGroup.js';
import { FlowLog } from '@pulumi/aws/ec2/flowLog.js';
import { InternetGateway } from '@pulumi/aws/ec2/internetGateway.js';
import { RouteTable } from '@pulumi/aws/ec2/routeTable.js';
import { RouteTableAssociation } from '@pulumi/aws/ec2/routeTableAssociation.js';
import { Subnet } from '@pulumi/aws/ec2/subnet.js';
import { SubnetCidrReservation } from '@pulumi/aws/ec2/subnetCidrReservation.js';
import { Vpc } from '@pulumi/aws/ec2/vpc.js';
import { getAvailabilityZonesOutput } from '@pulumi/aws/getAvailabilityZones.js';
import { Role } from '@pulumi/aws/iam/role.js';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy.js';
import * as pulumi from '@pulumi/pulumi';
import { type NetworkPlan, networkPlan, type ZonePlan } from './plan.ts';
import { assumedBy, policy } from './policy.ts';
import type { Scope } from './scope.ts';

/** Network of one system over two zones */
export interface Network {
  plan: NetworkPlan;
  vpc: Vpc;
  subnets: readonly [Subnet, Subnet];
  /** Resources that must be created before, and deleted after, anything that takes an address in the network */
  ready: readonly pulumi.Resource[];
}

/**
 * Creates the network with its internet gateway, routes and flow log, and empties the default security group that AWS
 * adds
 */
export function makeNetwork(scope: Scope): Network {
  const { system, options, request } = scope;
  const plan = networkPlan(request.environment.network);
  const tags = scope.tags(system);
  const vpc = new Vpc(
    system,
    { cidrBlock: plan.range, enableDnsSupport: true, enableDnsHostnames: true, tags },
    options,
  );
  new DefaultSecurityGroup(system, { vpcId: vpc.id, ingress: [], egress: [], tags }, options);
  const gateway = new InternetGateway(system, { vpcId: vpc.id, tags }, options);
  const routes = new RouteTable(
    system,
    { vpcId: vpc.id, routes: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }], tags },
    options,
  );
  const zones = getAvailabilityZonesOutput(
    { state: 'available', filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }] },
    options,
  ).names;
  const place = (index: 0 | 1) => makeSubnet(scope, vpc, routes, plan.zones[index], index, zoneAt(zones, index));
  const [first, second] = [place(0), place(1)] as const;
  logFlows(scope, vpc);
  return { plan, vpc, subnets: [first.subnet, second.subnet], ready: [gateway, ...first.ready, ...second.ready] };
}

function makeSubnet(
  { system, options, tags }: Scope,
  vpc: Vpc,
  routes: RouteTable,
  { subnet: cidrBlock, machines }: ZonePlan,
  index: number,
  availabilityZone: pulumi.Output<string>,
): { subnet: Subnet; ready: readonly pulumi.Resource[] } {
  const name = `${system}-${index}`;
  const subnet = new Subnet(
    name,
    { vpcId: vpc.id, cidrBlock, availabilityZone, mapPublicIpOnLaunch: false, tags: tags(name) },
    // Adding a zone to the region must not move existing subnets
    { ...options, ignoreChanges: ['availabilityZone'] },
  );
  const description = 'planned addresses of machines';
  const reservation = new SubnetCidrReservation(
    name,
    { subnetId: subnet.id, cidrBlock: machines, reservationType: 'explicit', description },
    options,
  );
  const association = new RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: routes.id }, options);
  return { subnet, ready: [reservation, association] };
}

/** Records the connections of the network in a flow log, kept for 90 days */
function logFlows(scope: Scope, vpc: Vpc): void {
  const { system, options, request } = scope;
  const name = `${system}-flows`;
  const group = new LogGroup(
    name,
    { name: `/berth/${request.environment.name}/${system}/flows`, retentionInDays: 90 },
    options,
  );
  const role = new Role(
    name,
    { name: scope.named(64, 'flows'), assumeRolePolicy: assumedBy('vpc-flow-logs.amazonaws.com', scope) },
    options,
  );
  const rights = new RolePolicy(
    name,
    {
      role: role.id,
      policy: policy(
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
        },
        { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
      ),
    },
    options,
  );
  new FlowLog(
    name,
    {
      vpcId: vpc.id,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: scope.tags(name),
    },
    { ...options, dependsOn: [rights] },
  );
}

const zoneAt = (zones: pulumi.Output<string[]>, index: number): pulumi.Output<string> =>
  zones.apply((names) => {
    const zone = [...names].sort()[index];
    if (zone === undefined)
      throw new Error(`the region has ${names.length} zone that this account may use; two are needed`);
    return zone;
  });
