import type { LaterAnswers } from '../../../src/policy/answers.ts';
import type { Account } from './account.ts';
import { only, pascal } from './kind.ts';

type Filters = readonly { name: string; values: readonly string[] }[];

/** What the provider's functions find in the account */
export const functionsOn = (aws: Account): LaterAnswers => ({
  'aws:index/getCallerIdentity:getCallerIdentity': async () => {
    const { Account: accountId } = await aws.call<{ Account: string }>('sts', 'GetCallerIdentity');
    return { accountId };
  },
  'aws:index/getAvailabilityZones:getAvailabilityZones': async ({
    state,
    filters,
  }: {
    state: string;
    filters: Filters;
  }) => {
    const { AvailabilityZones } = await aws.call<{ AvailabilityZones: { ZoneName: string }[] }>(
      'ec2',
      'DescribeAvailabilityZones',
      { Filters: [{ Name: 'state', Values: [state] }, ...(pascal(filters) as object[])] },
    );
    return { names: AvailabilityZones.map(({ ZoneName }) => ZoneName) };
  },
  'aws:ec2/getAmi:getAmi': async ({ owners, filters }: { owners: readonly string[]; filters: Filters }) => {
    const { Images } = await aws.call<{ Images: { ImageId: string; CreationDate: string }[] }>(
      'ec2',
      'DescribeImages',
      {
        ...{ Owners: owners, Filters: pascal(filters) },
      },
    );
    const [newest] = [...Images].sort((a, b) => b.CreationDate.localeCompare(a.CreationDate));
    if (!newest) throw new Error('no image has what is asked for');
    return { id: newest.ImageId };
  },
  'aws:ec2/getElasticIp:getElasticIp': async ({ publicIp }: { publicIp: string }) => {
    const { Addresses } = await aws.call<{ Addresses: { AllocationId: string; PublicIp: string }[] }>(
      'ec2',
      'DescribeAddresses',
      { Filters: [{ Name: 'public-ip', Values: [publicIp] }] },
    );
    const { AllocationId, PublicIp } = only(Addresses, publicIp);
    return { id: AllocationId, publicIp: PublicIp };
  },
  'aws:route53/getZone:getZone': async ({ name }: { name: string }) => {
    const { HostedZones } = await aws.call<{ HostedZones: { Id: string; Name: string }[] }>(
      'route53',
      'ListHostedZonesByName',
      { DNSName: name },
    );
    return {
      zoneId: only(
        HostedZones.filter(({ Name }) => Name === `${name}.`),
        name,
      ).Id.replace('/hostedzone/', ''),
    };
  },
});
