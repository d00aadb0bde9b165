import { getLogsClusterOutput } from '@ovhcloud/pulumi-ovh/dbaas/getLogsCluster.js';
import { LogsOutputGraylogStream } from '@ovhcloud/pulumi-ovh/dbaas/logsOutputGraylogStream.js';
import { LogsToken } from '@ovhcloud/pulumi-ovh/dbaas/logsToken.js';
import type * as pulumi from '@pulumi/pulumi';
import type { LogStream } from '../../model/blueprint.ts';
import type { LogStreamFacts } from '../../model/facts.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { kept } from '../keep.ts';
import { type Fact, plain, secret } from '../makers.ts';
import type { Shared } from './shared.ts';
import type { Site } from './site.ts';

/** The service that a system's streams are made in, with a token that may speak to its OpenSearch API */
export interface LogsService {
  serviceName: string;
  host: pulumi.Output<string>;
  token: LogsToken;
}

export function logsService({ blueprint: { system } }: ProvisionRequest, site: Site): LogsService {
  const serviceName = site.settings.logsService;
  if (serviceName === undefined)
    throw new Error(`system ${system} writes a log stream: berth:clouds openstack needs logsService`);
  const { hostname: host } = getLogsClusterOutput({ serviceName }, site.ovh());
  return { serviceName, host, token: new LogsToken(system, { serviceName, name: site.name([]) }, site.ovh()) };
}

/** A stream of the Logs Data Platform; the streams of a system share a token */
export function makeLogStream(shared: Shared, { name }: LogStream): LogStreamFacts<Fact> {
  const { serviceName, host, token } = shared.logs();
  const title = shared.name([name]);
  const stream = new LogsOutputGraylogStream(
    `${shared.request.blueprint.system}-${name}`,
    { serviceName, title, description: `log lines of ${title}` },
    { ...shared.ovh(), ...kept(shared.request) },
  );
  return {
    scheme: plain('https'),
    host: plain(host),
    port: plain('9200'),
    opensearch: plain('true'),
    kafka: plain('false'),
    // A token logs in as the user, and this word stands for the password
    username: secret(token.value),
    password: plain('token'),
    // Names the stream in every line, and may write to it alone
    token: secret(stream.writeToken),
  };
}
