import type { LogStreamFacts } from '../model/facts.ts';
import type { Container } from '../model/service.ts';
import { ref, text } from '../model/value.ts';
import { type Contribution, runs } from './contribution.ts';

/**
 * Ships a log folder of JSON lines to a stream, which speaks OpenSearch's API or Kafka: Filebeat, its registry kept over
 * releases. Over Kafka, the topic is the stream's name.
 */
export function logShipping(input: LogShippingInput): Contribution {
  const fact = (name: keyof LogStreamFacts) => ref(`logStreams.${input.stream}.${name}`);
  const logs = '/var/log/shipped';
  const shipper: Container = {
    kind: 'container',
    name: 'filebeat',
    // The Logs Data Platform speaks OpenSearch's API, which later releases of Filebeat refuse
    image: 'docker.elastic.co/beats/filebeat-oss:7.12.1',
    command: ['-e', '-c', '/etc/filebeat/filebeat.yml'],
    env: {
      OUTPUT_OPENSEARCH: fact('opensearch'),
      OUTPUT_KAFKA: fact('kafka'),
      OUTPUT_URL: text`${fact('scheme')}://${fact('host')}:${fact('port')}`,
      OUTPUT_BROKER: text`${fact('host')}:${fact('port')}`,
      OUTPUT_USERNAME: fact('username'),
      OUTPUT_PASSWORD: fact('password'),
      X_OVH_TOKEN: fact('token'),
    },
    calls: [],
    config: {
      path: '/etc/filebeat',
      files: { 'filebeat.yml': { yaml: filebeat(`${logs}/${input.glob}`, input.stream) } },
    },
    mounts: [
      { kind: 'logs', name: input.folder, path: logs, readOnly: true, perRelease: false },
      {
        kind: 'data',
        name: 'filebeat',
        path: '/var/lib/filebeat',
        readOnly: false,
        perRelease: false,
        owner: input.user,
      },
    ],
    rollout: 'replace',
    check: ['test', 'config', '-c', '/etc/filebeat/filebeat.yml', '--path.data', '/tmp'],
    memoryMb: 200,
    cpus: 0.5,
    user: input.user,
    stopSeconds: 10,
  };
  return { ...runs(input.role, shipper), logStreams: [{ name: input.stream }] };
}

export interface LogShippingInput {
  role: string;
  /** The stream's name, which is its own in the system */
  stream: string;
  /** The log folder of a service, by its name */
  folder: string;
  /** The files in it */
  glob: string;
  /** Who may read them, `uid:gid` */
  user: string;
}

const filebeat = (paths: string, topic: string) => ({
  'filebeat.inputs': [
    {
      type: 'log',
      paths: [paths],
      'json.keys_under_root': true,
      'json.overwrite_keys': false,
      'json.add_error_key': true,
      fields: { [token]: verbatim('X_OVH_TOKEN') },
      fields_under_root: true,
      // A file that goes away is read to its end first; its state goes with its age (the two belong together)
      close_removed: false,
      clean_removed: false,
      ignore_older: '168h',
      clean_inactive: '192h',
    },
  ],
  'path.data': '/var/lib/filebeat',
  'logging.to_stderr': true,
  'logging.metrics.enabled': false,
  'setup.template.enabled': false,
  'setup.ilm.enabled': false,
  processors: [
    { add_host_metadata: {} },
    // Only streams of the Logs Data Platform have a token
    { drop_fields: { fields: [token], when: { equals: { [token]: '' } } } },
  ],
  // The cloud's facts enable one of the two
  'output.elasticsearch': {
    enabled: `\${OUTPUT_OPENSEARCH}`,
    hosts: [verbatim('OUTPUT_URL')],
    username: verbatim('OUTPUT_USERNAME'),
    password: verbatim('OUTPUT_PASSWORD'),
    index: 'ldp-logs',
  },
  'output.kafka': {
    enabled: `\${OUTPUT_KAFKA}`,
    hosts: [verbatim('OUTPUT_BROKER')],
    topic,
    username: verbatim('OUTPUT_USERNAME'),
    password: verbatim('OUTPUT_PASSWORD'),
    'ssl.enabled': true,
    // Event Hubs speaks Kafka from 1.0 on, and on its Standard tier takes nothing compressed
    version: '1.0.0',
    compression: 'none',
  },
});

const token = 'X-OVH-TOKEN';

/**
 * Filebeat parses what it expands, and a comma would make a list of a password: between its quotes it is text. What is
 * empty is missing to it: hence the default, which is empty too.
 */
const verbatim = (variable: string): string => `'\${${variable}:}'`;
