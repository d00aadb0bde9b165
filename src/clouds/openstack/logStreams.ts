import { getLogsClusterOutput } from '@ovhcloud/pulumi-ovh/dbaas/getLogsCluster.js';
import { LogsOutputGraylogStream } from '@ovhcloud/pulumi-ovh/dbaas/logsOutputGraylogStream.js';
import { LogsToken } from '@ovhcloud/pulumi-ovh/dbaas/logsToken.js';
import type { ProvisionRequest } from '../cloud.ts';
import { kept } from '../keep.ts';
import type { PartFacts } from './buckets.ts';
import type { Site } from './site.ts';

/** Gives streams of the Logs Data Platform, which share a token that may speak to its OpenSearch API */
export function logStreams(request: ProvisionRequest, site: Site): (name: string) => PartFacts {
  const { system } = request.blueprint;
  const serviceName = site.settings.logsService;
  if (serviceName === undefined)
    throw new Error(`system ${system} writes a log stream: berth:clouds openstack needs logsService`);
  const { hostname: host } = getLogsClusterOutput({ serviceName }, site.ovh());
  const token = new LogsToken(system, { serviceName, name: site.name([]) }, site.ovh());
  return (name) => {
    const title = site.name([name]);
    const stream = new LogsOutputGraylogStream(
      `${system}-${name}`,
      { serviceName, title, description: `log lines of ${title}` },
      { ...site.ovh(), ...kept(request) },
    );
    return {
      facts: {
        scheme: 'https',
        host,
        port: '9200',
        opensearch: 'true',
        kafka: 'false',
        // A token logs in as the user, and this word stands for the password
        username: token.value,
        password: 'token',
        // Names the stream in every line, and may write to it alone
        token: stream.writeToken,
      },
      secrets: ['username', 'token'],
    };
  };
}
