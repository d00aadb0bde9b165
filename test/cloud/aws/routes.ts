import type { InternetGatewayArgs } from '@pulumi/aws/ec2/internetGateway.js';
import type { RouteTableArgs } from '@pulumi/aws/ec2/routeTable.js';
import type { RouteTableAssociationArgs } from '@pulumi/aws/ec2/routeTableAssociation.js';
import type { Account } from './account.ts';
import { kind, only, type Tagged, tagged, tagsOf } from './kind.ts';

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

export const routes = {
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
};
