import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runLogged } from '../../src/process/stage.ts';
import { linter } from '../../tools/lib/linters.ts';
import { certificateOf } from '../certificate.ts';
import { eventually } from '../e2e/client.ts';
import { freePort } from '../freePort.ts';
import { folderOf } from './docker.ts';

const quiet = () => undefined;

// It is there after half the processor time, and a few lines need no optimising compiler
const java = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.showDateTime=true'];

/** Apache Kafka's own server on loopback: one broker, which lets one user in, by TLS and SASL PLAIN */
export interface Kafka {
  /** Its address and port */
  broker: string;
  /** Its certificate, in PEM */
  certificate: string;
  /** Returns what a topic holds, by Kafka's own tool, once it holds something */
  held(topic: string): Promise<{ compression: string; records: readonly string[] }>;
  /** Whether a topic holds anything */
  holds(topic: string): boolean;
  /** Returns the first line of its log that matches, once there is one */
  says(pattern: RegExp): Promise<string>;
  close(): void;
}

/** Starts it. The first start of a computer downloads it. */
export async function kafka(login: { user: string; password: string }): Promise<Kafka> {
  const jars = await linter('kafka', quiet);
  const own = certificateOf(['127.0.0.1']);
  const [port, controller] = [await freePort(), await freePort()];
  const folder = folderOf({ 'own.pem': own.key + own.certificate, 'ca.pem': own.certificate });
  const at = (...file: string[]): string => join(folder, ...file);
  const settings = settingsOf({ ...login, port, controller, at });
  const file = join(folderOf({ 'server.properties': settings }), 'server.properties');
  const program = (...words: string[]): string[] => [...java, '-cp', join(jars, '*'), ...words];
  const tool = (...words: string[]) => runLogged('java', program(...words), { log: quiet, timeoutSeconds: 120 });

  await tool('kafka.tools.StorageTool', 'format', '--cluster-id', 'berthsTestsOfLogsAAAAA', '--config', file);
  const said: string[] = [];
  const server = spawn('java', program('kafka.Kafka', file), { stdio: ['ignore', 'ignore', 'pipe'] });
  createInterface({ input: server.stderr }).on('line', (line) => said.push(line));
  const says = async (pattern: RegExp): Promise<string> => {
    const matching = () => said.find((line) => pattern.test(line));
    const line = await eventually(
      120,
      async () => matching() ?? '',
      (found) => found !== '' || ended(server),
    );
    if (line === '') throw new Error(`Kafka says nothing like ${pattern}: ${said.slice(-20).join('\n')}`);
    return line;
  };
  const segment = (topic: string): string => at('data', `${topic}-0`, `${'0'.repeat(20)}.log`);
  const holds = (topic: string): boolean => (statSync(segment(topic), { throwIfNoEntry: false })?.size ?? 0) > 0;
  const close = () => void server.kill('SIGKILL');
  try {
    await says(/Kafka Server started/);
  } catch (error) {
    close();
    throw error;
  }
  return {
    broker: `127.0.0.1:${port}`,
    certificate: own.certificate,
    async held(topic) {
      await eventually(
        60,
        async () => holds(topic),
        (there) => there,
      );
      const text = await tool('kafka.tools.DumpLogSegments', '--print-data-log', '--files', segment(topic));
      return {
        compression: /compresscodec: (\S+)/.exec(text)?.[1] ?? text,
        records: [...text.matchAll(/ payload: (.*)$/gm)].map(([, record]) => record ?? ''),
      };
    },
    holds,
    says,
    close,
  };
}

const ended = ({ exitCode }: ChildProcess): boolean => exitCode !== null;

interface Place {
  user: string;
  password: string;
  /** Ports of clients and of the server's own controller */
  port: number;
  controller: number;
  /** Path of a file in its folder */
  at(file: string): string;
}

const settingsOf = ({ user, password, port, controller, at }: Place): string => {
  const mechanism = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map': 'CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'inter.broker.listener.name': 'CLIENTS',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.clients.plain.sasl.jaas.config': `${mechanism} required username="${user}" password="${password}" user_${user}="${password}";`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': at('own.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': at('ca.pem'),
    'log.dirs': at('data'),
    'offsets.topic.replication.factor': 1,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
};
