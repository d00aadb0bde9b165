import { getLogsClusterOutput } from '@ovhcloud/pulumi-ovh/dbaas/getLogsCluster.js';
import { LogsOutputGraylogStream } from '@ovhcloud/pulumi-ovh/dbaas/logsOutputGraylogStream.js';
import { LogsToken } from '@ovhcloud/pulumi-ovh/dbaas/logsToken.js';
import type * as pulumi from '@pulumi/pulumi';
import type { LogStream } from '../../model/blueprint.ts';
import type { LogStreamFacts } from '../../model/facts.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { kept } from '../keep.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';

/** Logs Data Platform service of a system's streams, with a token for its OpenSearch API */
export interface LogsService {
  serviceName: string;
  host: pulumi.Output<string>;
  token: LogsToken;
}

export function logsService({ blueprint: { system } }: ProvisionRequest, scope: Scope): LogsService {
  const serviceName = scope.settings.logsService;
  if (serviceName === undefined)
    throw new Error(`system ${system} has a log stream: berth:clouds openstack needs logsService`);
  const { hostname: host } = getLogsClusterOutput({ serviceName }, scope.ovh());
  return { serviceName, host, token: new LogsToken(system, { serviceName, name: scope.name([]) }, scope.ovh()) };
}

/** Creates a stream of the Logs Data Platform; the streams of a system share an API token */
export function makeLogStream(shared: Shared, { name }: LogStream): LogStreamFacts<Fact> {
  const { serviceName, host, token } = shared.logs();
  const title = shared.name([name]);
  const stream = new LogsOutputGraylogStream(
    `${shared.request.blueprint.system}-${name}`,
    { serviceName, title, description: `log lines of ${title}` },
    { ...shared.ovh(), ...kept(shared.request) },
  );
  return {
    scheme: plainFact('https'),
    host: plainFact(host),
    port: plainFact('9200'),
    opensearch: plainFact('true'),
    kafka: plainFact('false'),
    // The API token is sent as the user name, with the literal password `token`
    username: secretFact(token.value),
    password: plainFact('token'),
    // Identifies the stream in every line, and allows writing to this stream only
    token: secretFact(stream.writeToken),
  };
}
