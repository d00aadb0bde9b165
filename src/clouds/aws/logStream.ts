import { Domain } from '@pulumi/aws/opensearch/domain.js';
import { DomainPolicy } from '@pulumi/aws/opensearch/domainPolicy.js';
import * as pulumi from '@pulumi/pulumi';
import type { LogStream } from '../../model/blueprint.ts';
import type { LogStreamFacts } from '../../model/facts.ts';
import { secretNameOf } from '../../model/names.ts';
import { needsOf } from '../../model/value.ts';
import { kept } from '../keep.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import { letIn, makeGroup } from './groups.ts';
import { policy } from './policy.ts';
import type { Scope } from './scope.ts';
import { acceptedSecret, userPassword } from './secret.ts';
import type { Shared } from './shared.ts';

const user = 'berth';
const httpsPort = 443;

/** OpenSearch 2, which can report a version that Filebeat 7.12, the shipper of log lines, accepts */
const engineVersion = 'OpenSearch_2.19';

/** Creates a log stream: an OpenSearch domain in the network, reachable only from machines that ship logs to it */
export function makeLogStream(scope: Shared, { name }: LogStream): LogStreamFacts<Fact> {
  const { options, request, network, groups } = scope;
  const logical = `${scope.system}-${name}`;
  const door = `${name}-logs`;
  const group = makeGroup(scope, network, door, `log stream ${name}`);
  const withDoor = new Map([...groups, [door, group]]);
  for (const role of shippersOf(scope, name)) {
    const ingress = { name: `${door}-tcp-${httpsPort}-from-${role}`, to: door, from: { role } };
    letIn(scope, withDoor, { ...ingress, port: httpsPort, protocol: 'tcp', why: 'machines ship their log lines' });
  }
  const password = acceptedSecret(scope, secretNameOf(name, 'password'), userPassword);
  const domain = new Domain(
    logical,
    {
      domainName: scope.named(28, name),
      engineVersion,
      clusterConfig: { instanceType: 't3.small.search', instanceCount: 1 },
      ebsOptions: { ebsEnabled: true, volumeType: 'gp3', volumeSize: 20 },
      vpcOptions: { subnetIds: [network.subnets[0].id], securityGroupIds: [group.id] },
      advancedOptions: { override_main_response_version: 'true' },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: true,
        masterUserOptions: { masterUserName: user, masterUserPassword: password },
      },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
      tags: scope.tags(logical),
    },
    { ...options, ...kept(request), dependsOn: [...network.ready] },
  );
  new DomainPolicy(
    logical,
    {
      domainName: domain.domainName,
      // Requests that pass the security group still need the user's name and password
      accessPolicies: policy({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'es:ESHttp*',
        Resource: pulumi.interpolate`${domain.arn}/*`,
      }),
    },
    options,
  );
  return {
    scheme: plainFact('https'),
    host: plainFact(domain.endpoint),
    port: plainFact(`${httpsPort}`),
    username: plainFact(user),
    password: secretFact(password),
    token: secretFact(''),
    opensearch: plainFact('true'),
    kafka: plainFact('false'),
  };
}

/** Returns the roles whose services refer to the log stream */
const shippersOf = ({ request }: Scope, name: string): readonly string[] =>
  Object.entries(request.blueprint.roles)
    .filter(([, { services }]) => needsOf(services).refs.some((ref) => ref.startsWith(`logStreams.${name}.`)))
    .map(([role]) => role);
