import {
  at,
  covers,
  has,
  isEverybody,
  isWeb,
  loginPorts,
  openEgress,
  type PlannedResource,
  type Policy,
  publicWeb,
} from '../../policy/policy.ts';

const rule = 'openstack:networking/secGroupRule:SecGroupRule';
const instance = 'openstack:compute/instance:Instance';

const isIngress = ({ inputs }: PlannedResource): boolean => at(inputs, 'direction') === 'ingress';
const fromEverybody = ({ inputs }: PlannedResource): boolean =>
  isEverybody(at(inputs, 'remoteIpPrefix')) || (!at(inputs, 'remoteIpPrefix') && !at(inputs, 'remoteGroupId'));
const ports = ({ inputs }: PlannedResource): [unknown, unknown] => [
  at(inputs, 'portRangeMin'),
  at(inputs, 'portRangeMax'),
];
const closedTo =
  (port: number) =>
  (resource: PlannedResource): boolean =>
    !(isIngress(resource) && fromEverybody(resource) && covers(...ports(resource), [port]));

/** Checks of common scanners for OpenStack */
export const policies: readonly Policy[] = [
  {
    ids: ['OPNSTK-0001', 'CKV_OPENSTACK_4'],
    what: 'an instance has no password',
    type: instance,
    holds: has(undefined, 'adminPass'),
  },
  {
    ids: ['CKV_OPENSTACK_1'],
    what: 'the provider reads its credentials from the environment',
    type: 'pulumi:providers:openstack',
    holds: ({ inputs }) =>
      ['password', 'token', 'applicationCredentialSecret'].every((key) => at(inputs, key) === undefined),
  },
  {
    ids: ['OPNSTK-0003'],
    what: 'a security group allows ingress only from named networks',
    type: rule,
    holds: (resource) => !(isIngress(resource) && fromEverybody(resource)),
    except: { why: publicWeb, when: (resource) => isWeb(...ports(resource)) },
  },
  { ids: ['CKV_OPENSTACK_2'], what: 'SSH is not open to everybody', type: rule, holds: closedTo(loginPorts[0]) },
  { ids: ['CKV_OPENSTACK_3'], what: 'RDP is not open to everybody', type: rule, holds: closedTo(loginPorts[1]) },
  {
    ids: ['OPNSTK-0004'],
    what: 'a security group allows egress only to named networks',
    type: rule,
    holds: (resource) => isIngress(resource) || !fromEverybody(resource),
    except: { why: openEgress },
  },
  {
    ids: ['OPNSTK-0005'],
    what: 'a security group says what it is for',
    type: 'openstack:networking/secGroup:SecGroup',
    holds: ({ inputs }) => Boolean(at(inputs, 'description')),
  },
  {
    ids: ['OPNSTK-0005'],
    what: 'a rule says why it is there',
    type: rule,
    holds: ({ inputs }) => Boolean(at(inputs, 'description')),
  },
  {
    ids: ['OPNSTK-0002', 'CKV_OPENSTACK_5'],
    what: 'a firewall rule names its source and destination',
    type: 'openstack:firewall/rule:Rule',
    holds: ({ inputs }) =>
      ['sourceIpAddress', 'destinationIpAddress'].every((key) => at(inputs, key) && !isEverybody(at(inputs, key))),
  },
];
