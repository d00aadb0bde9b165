import type { LogStreamFacts } from '../model/facts.ts';
import type { Container } from '../model/service.ts';
import { ref, text } from '../model/value.ts';
import { type Contribution, runs } from './contribution.ts';

/**
 * Returns a Filebeat that sends the JSON lines of a log folder to a stream, over OpenSearch's API or Kafka. It keeps
 * its position across releases. With Kafka, the topic is the stream's name.
 */
export function logShipping(input: LogShippingInput): Contribution {
  const fact = (name: keyof LogStreamFacts) => ref(`logStreams.${input.stream}.${name}`);
  const logs = '/var/log/shipped';
  const shipper: Container = {
    kind: 'container',
    name: 'filebeat',
    // The Logs Data Platform provides OpenSearch's API, which later releases of Filebeat refuse
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
  /** Name of the stream, unique in the system */
  stream: string;
  /** Name of the log folder's mount */
  folder: string;
  /** Glob of files in the folder */
  glob: string;
  /** User that can read the files, `uid:gid` */
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
      // A deleted file is read to its end first; its state expires by age (close_removed and clean_removed belong
      // together)
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
  // The facts of the stream enable one of the two outputs
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
    // Event Hubs supports Kafka from version 1.0, and its Standard tier refuses compressed messages
    version: '1.0.0',
    compression: 'none',
  },
});

const token = 'X-OVH-TOKEN';

/**
 * Returns a quoted reference to an environment variable. Filebeat parses expanded values, and a comma would turn an
 * unquoted password into a list. It treats an empty variable as missing, hence the empty default.
 */
const verbatim = (variable: string): string => `'\${${variable}:}'`;
