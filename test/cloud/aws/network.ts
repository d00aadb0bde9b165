import type { DefaultSecurityGroupArgs } from '@pulumi/aws/ec2/defaultSecurityGroup.js';
import type { FlowLogArgs } from '@pulumi/aws/ec2/flowLog.js';
import type { InternetGatewayArgs } from '@pulumi/aws/ec2/internetGateway.js';
import type { RouteTableArgs } from '@pulumi/aws/ec2/routeTable.js';
import type { RouteTableAssociationArgs } from '@pulumi/aws/ec2/routeTableAssociation.js';
import type { SubnetArgs } from '@pulumi/aws/ec2/subnet.js';
import type { SubnetCidrReservationArgs } from '@pulumi/aws/ec2/subnetCidrReservation.js';
import type { VpcArgs } from '@pulumi/aws/ec2/vpc.js';
import type { Account } from './account.ts';
import { kind, only, tagged, tagList, tagsOf } from './kind.ts';

interface Tagged {
  Tags: { Key: string; Value: string }[];
}

const vpcAttribute = async (aws: Account, VpcId: string, Attribute: string): Promise<boolean | undefined> => {
  const answer = await aws.call<Record<string, { Value: boolean }>>('ec2', 'DescribeVpcAttribute', {
    VpcId,
    Attribute,
  });
  return Object.values(answer).find((value) => typeof value === 'object')?.Value;
};

interface Group {
  GroupId: string;
  VpcId: string;
  IpPermissions: object[];
  IpPermissionsEgress: object[];
}

async function defaultGroup(aws: Account, vpc: string): Promise<Group & Tagged> {
  const Filters = [
    { Name: 'group-name', Values: ['default'] },
    { Name: 'vpc-id', Values: [vpc] },
  ];
  const answer = await aws.call<{ SecurityGroups: (Group & Tagged)[] }>('ec2', 'DescribeSecurityGroups', { Filters });
  return only(answer.SecurityGroups, 'the default group');
}

interface Table {
  RouteTableId: string;
  VpcId: string;
  Routes: { DestinationCidrBlock: string; GatewayId: string }[];
  Associations: { RouteTableAssociationId: string; SubnetId?: string; RouteTableId: string }[];
}

const tables = (aws: Account, filter: string, value: string) =>
  aws.call<{ RouteTables: (Table & Tagged)[] }>('ec2', 'DescribeRouteTables', {
    Filters: [{ Name: filter, Values: [value] }],
  });

export const network = {
  'aws:ec2/vpc:Vpc': kind<VpcArgs>({
    async make(aws, { cidrBlock, enableDnsSupport, enableDnsHostnames }, tags) {
      const { Vpc } = await aws.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', {
        ...{ CidrBlock: cidrBlock, TagSpecifications: tagged('vpc', tags) },
      });
      const { VpcId } = Vpc;
      await aws.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: enableDnsSupport } });
      await aws.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: enableDnsHostnames } });
      return { id: VpcId };
    },
    async read(aws, id) {
      const answer = await aws.call<{ Vpcs: ({ CidrBlock: string } & Tagged)[] }>('ec2', 'DescribeVpcs', {
        VpcIds: [id],
      });
      const { CidrBlock, Tags } = only(answer.Vpcs, id);
      return {
        cidrBlock: CidrBlock,
        enableDnsSupport: await vpcAttribute(aws, id, 'enableDnsSupport'),
        enableDnsHostnames: await vpcAttribute(aws, id, 'enableDnsHostnames'),
        tags: tagsOf(Tags),
      };
    },
  }),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': kind<DefaultSecurityGroupArgs>({
    async make(aws, { vpcId }, tags) {
      const { GroupId, IpPermissions, IpPermissionsEgress } = await defaultGroup(aws, vpcId);
      const revoke = (operation: string, rules: object[]) =>
        rules.length === 0 ? undefined : aws.call('ec2', operation, { GroupId, IpPermissions: rules.map(filled) });
      await revoke('RevokeSecurityGroupIngress', IpPermissions);
      await revoke('RevokeSecurityGroupEgress', IpPermissionsEgress);
      await aws.call('ec2', 'CreateTags', { Resources: [GroupId], Tags: tagList(tags) });
      return { id: GroupId };
    },
    async read(aws, _, { vpcId }) {
      const { VpcId, IpPermissions, IpPermissionsEgress, Tags } = await defaultGroup(aws, vpcId);
      return { vpcId: VpcId, ingress: IpPermissions, egress: IpPermissionsEgress, tags: tagsOf(Tags) };
    },
  }),
  'aws:ec2/internetGateway:InternetGateway': kind<InternetGatewayArgs>({
    async make(aws, { vpcId }, tags) {
      const { InternetGateway } = await aws.call<{ InternetGateway: { InternetGatewayId: string } }>(
        ...(['ec2', 'CreateInternetGateway', { TagSpecifications: tagged('internet-gateway', tags) }] as const),
      );
      const { InternetGatewayId } = InternetGateway;
      await aws.call('ec2', 'AttachInternetGateway', { InternetGatewayId, VpcId: vpcId });
      return { id: InternetGatewayId };
    },
    async read(aws, id) {
      const { InternetGateways } = await aws.call<{
        InternetGateways: ({ Attachments: { VpcId: string }[] } & Tagged)[];
      }>('ec2', 'DescribeInternetGateways', { InternetGatewayIds: [id] });
      const { Attachments, Tags } = only(InternetGateways, id);
      return { vpcId: only(Attachments, 'attachment').VpcId, tags: tagsOf(Tags) };
    },
  }),
  'aws:ec2/routeTable:RouteTable': kind<RouteTableArgs>({
    async make(aws, { vpcId, routes }, tags) {
      const args = { VpcId: vpcId, TagSpecifications: tagged('route-table', tags) };
      const { RouteTable } = await aws.call<{ RouteTable: { RouteTableId: string } }>('ec2', 'CreateRouteTable', args);
      const { RouteTableId } = RouteTable;
      for (const { cidrBlock, gatewayId } of routes) {
        const route = { RouteTableId, DestinationCidrBlock: cidrBlock, GatewayId: gatewayId };
        await aws.call('ec2', 'CreateRoute', route);
      }
      return { id: RouteTableId };
    },
    async read(aws, id) {
      const { VpcId, Routes, Tags } = only((await tables(aws, 'route-table-id', id)).RouteTables, id);
      const own = Routes.filter(({ GatewayId }) => GatewayId !== 'local');
      const routes = own.map(({ DestinationCidrBlock, GatewayId }) => ({
        ...{ cidrBlock: DestinationCidrBlock, gatewayId: GatewayId },
      }));
      return { vpcId: VpcId, routes, tags: tagsOf(Tags) };
    },
  }),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': kind<RouteTableAssociationArgs>({
    async make(aws, { subnetId, routeTableId }) {
      const args = { SubnetId: subnetId, RouteTableId: routeTableId };
      const { AssociationId } = await aws.call<{ AssociationId: string }>('ec2', 'AssociateRouteTable', args);
      return { id: AssociationId };
    },
    async read(aws, id) {
      const { RouteTables } = await tables(aws, 'association.route-table-association-id', id);
      const { Associations } = only(RouteTables, id);
      const found = Associations.find(({ RouteTableAssociationId }) => RouteTableAssociationId === id);
      return { subnetId: found?.SubnetId, routeTableId: found?.RouteTableId };
    },
  }),
  'aws:ec2/subnet:Subnet': kind<SubnetArgs>({
    async make(aws, { vpcId, cidrBlock, availabilityZone }, tags) {
      const { Subnet } = await aws.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
        ...{ VpcId: vpcId, CidrBlock: cidrBlock, AvailabilityZone: availabilityZone },
        TagSpecifications: tagged('subnet', tags),
      });
      return { id: Subnet.SubnetId };
    },
    async read(aws, id) {
      const { Subnets } = await aws.call<{
        Subnets: ({
          VpcId: string;
          CidrBlock: string;
          AvailabilityZone: string;
          MapPublicIpOnLaunch: boolean;
        } & Tagged)[];
      }>('ec2', 'DescribeSubnets', { SubnetIds: [id] });
      const { VpcId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch, Tags } = only(Subnets, id);
      return {
        ...{ vpcId: VpcId, cidrBlock: CidrBlock, availabilityZone: AvailabilityZone },
        ...{ mapPublicIpOnLaunch: MapPublicIpOnLaunch, tags: tagsOf(Tags) },
      };
    },
  }),
  'aws:ec2/subnetCidrReservation:SubnetCidrReservation': kind<SubnetCidrReservationArgs>({
    untold: ['description'],
    async make(aws, { subnetId, cidrBlock, reservationType, description }) {
      const { SubnetCidrReservation: made } = await aws.call<{
        SubnetCidrReservation?: { SubnetCidrReservationId: string };
      }>('ec2', 'CreateSubnetCidrReservation', {
        SubnetId: subnetId,
        Cidr: cidrBlock,
        ReservationType: reservationType,
        Description: description,
      });
      return { id: made?.SubnetCidrReservationId ?? '' };
    },
    async read(aws, id, { subnetId }) {
      const { SubnetIpv4CidrReservations: all } = await aws.call<{
        SubnetIpv4CidrReservations: Record<string, string>[];
      }>('ec2', 'GetSubnetCidrReservations', { SubnetId: subnetId });
      const found = all.find(({ SubnetCidrReservationId }) => SubnetCidrReservationId === id);
      return {
        ...{ subnetId: found?.SubnetId, cidrBlock: found?.Cidr, reservationType: found?.ReservationType },
        description: found?.Description,
      };
    },
  }),
  'aws:ec2/flowLog:FlowLog': kind<FlowLogArgs>({
    async make(aws, { vpcId, trafficType, logDestinationType, logDestination, iamRoleArn }, tags) {
      const { FlowLogIds, Unsuccessful = [] } = await aws.call<{ FlowLogIds: string[]; Unsuccessful?: object[] }>(
        'ec2',
        'CreateFlowLogs',
        {
          ...{ ResourceIds: [vpcId], ResourceType: 'VPC', TrafficType: trafficType },
          ...{ LogDestinationType: logDestinationType, LogDestination: logDestination },
          ...{ DeliverLogsPermissionArn: iamRoleArn, TagSpecifications: tagged('vpc-flow-log', tags) },
        },
      );
      if (Unsuccessful.length > 0) throw new Error(JSON.stringify(Unsuccessful));
      return { id: only(FlowLogIds, 'flow log') };
    },
    async read(aws, id) {
      const answer = await aws.call<{ FlowLogs: (Record<string, string> & Tagged)[] }>('ec2', 'DescribeFlowLogs', {
        FlowLogIds: [id],
      });
      const found = only(answer.FlowLogs, id);
      return {
        ...{ vpcId: found.ResourceId, trafficType: found.TrafficType, tags: tagsOf(found.Tags) },
        ...{ logDestinationType: found.LogDestinationType, logDestination: found.LogDestination },
        iamRoleArn: found.DeliverLogsPermissionArn,
      };
    },
  }),
};

/** A rule without the empty lists that an API answers with and does not take */
const filled = (rule: object) =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => !Array.isArray(value) || value.length > 0));
