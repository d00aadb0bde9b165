import { grafanaPassword, grafanaService } from '../model/monitoring.ts';
import type { Container } from '../model/service.ts';
import { secret } from '../model/value.ts';
import { type Contribution, runs } from './contribution.ts';

const port = 3000;
const provisioning = '/etc/grafana/provisioning';

/** Dashboards in templates/grafana, as Grafana exports them */
export const dashboards = ['machines', 'containers', 'edge', 'database', 'caches', 'releases'] as const;

/** The image's user */
const user = '472:0';

/**
 * Returns a Grafana for the Prometheus on the same machine; users log in to Grafana itself
 * as `admin` with a password from the secrets, which is set at the first start and changed later with `grafana cli`
 */
export const grafana = ({ role, ...own }: GrafanaInput): Contribution => runs(role, server(own));

export interface GrafanaInput {
  /** Role of its Prometheus */
  role: string;
  /** Public URL */
  url: string;
}

const server = ({ url }: Omit<GrafanaInput, 'role'>): Container => ({
  kind: 'container',
  name: grafanaService,
  image: 'docker.io/grafana/grafana:12.1.1',
  env: {
    GF_SERVER_ROOT_URL: url,
    GF_SECURITY_ADMIN_PASSWORD: secret(grafanaPassword),
    GF_SECURITY_COOKIE_SECURE: 'true',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  },
  port,
  calls: ['prometheus'],
  config: {
    path: provisioning,
    files: {
      'datasources/prometheus.yaml': { yaml: datasources },
      'dashboards/berth.yaml': { yaml: providers },
      ...Object.fromEntries(
        dashboards.map((name) => [`dashboards/${name}.json`, { template: `grafana/${name}.json`, values: {} }]),
      ),
    },
  },
  mounts: [
    { kind: 'data', name: 'grafana', path: '/var/lib/grafana', readOnly: false, perRelease: false, owner: user },
  ],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/api/health`],
    deadlineSeconds: 120,
  },
  memoryMb: 512,
  cpus: 0.5,
  user,
  stopSeconds: 20,
});

/** A change made in Grafana is lost with the next release: it is exported, and put into templates/grafana */
const providers = {
  apiVersion: 1,
  providers: [
    {
      ...{ name: 'berth', type: 'file', disableDeletion: true, allowUiUpdates: false },
      options: { path: `${provisioning}/dashboards` },
    },
  ],
};

const datasources = {
  apiVersion: 1,
  datasources: [
    {
      name: 'Prometheus',
      uid: 'prometheus',
      type: 'prometheus',
      access: 'proxy',
      url: 'http://prometheus:9090',
      isDefault: true,
      editable: false,
    },
  ],
};
