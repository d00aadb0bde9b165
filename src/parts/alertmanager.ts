import { type AlertOptions, alertmanagerPort, alertmanagerService } from '../model/alerting.ts';
import type { Schedule } from '../model/blueprint.ts';
import type { Container } from '../model/service.ts';
import { alertConfiguration, receiverFiles } from './alertRoutes.ts';

/** The image's user */
const user = '65534:65534';

export interface AlertmanagerInput {
  system: string;
  /** Public URL, for links in messages */
  url: string;
  /** Who is told. @default nobody: alerts appear on its page */
  alerts?: AlertOptions | undefined;
  /** Hours of the roles that have some: what fires while their machines are off is told to nobody. @default none */
  hours?: Readonly<Record<string, Schedule>> | undefined;
}

/** Returns an Alertmanager, which sends each alert to every receiver of its options */
export const alertmanager = ({ system, url, alerts, hours = {} }: AlertmanagerInput): Container => ({
  kind: 'container',
  name: alertmanagerService,
  image: 'docker.io/prom/alertmanager:v0.28.1',
  command: [
    '--config.file=/etc/alertmanager/alertmanager.yaml',
    '--storage.path=/alertmanager',
    `--web.external-url=${url}`,
    // No cluster of Alertmanagers
    '--cluster.listen-address=',
    // `berth alerts --test` tells people apart from the dead man's switch by it
    '--enable-feature=receiver-name-in-metrics',
  ],
  env: {},
  port: alertmanagerPort,
  calls: [],
  config: {
    path: '/etc/alertmanager',
    files: {
      'alertmanager.yaml': { yaml: alertConfiguration(system, alerts, hours) },
      'message.tmpl': { template: 'prometheus/message.tmpl', values: {} },
    },
  },
  secretFiles: receiverFiles(alerts),
  mounts: [
    { kind: 'data', name: 'alertmanager', path: '/alertmanager', readOnly: false, perRelease: false, owner: user },
  ],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${alertmanagerPort}/-/ready`],
    deadlineSeconds: 60,
  },
  checker: '/bin/amtool',
  check: ['check-config', '/etc/alertmanager/alertmanager.yaml'],
  memoryMb: 128,
  cpus: 0.25,
  user,
  stopSeconds: 10,
});
