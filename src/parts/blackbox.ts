import type { Container } from '../model/service.ts';
import { type Reference, ref, text, type Value } from '../model/value.ts';

export const blackboxPort = 9115;

/** A public name that Prometheus requests as a visitor would, which tests firewall, certificate and answer */
export interface ProbedSite {
  domain: string;
  /** Machine or balancer that serves it, for people, and its public address */
  machine: string;
  address: Reference;
  path: string;
  /** Expected answer: the page, a redirect, or a request for a login. @default 'page' */
  answers?: keyof typeof statuses;
}

const statuses = { page: [], redirect: [301, 308], login: [401] } as const;

/** Returns the blackbox exporter, which requests the sites for Prometheus */
export const blackbox = (): Container => ({
  kind: 'container',
  name: 'blackbox',
  image: 'docker.io/prom/blackbox-exporter:v0.26.0',
  command: ['--config.file=/etc/blackbox/blackbox.yaml'],
  // Go trusts the certificate authorities of this folder in addition to the system's
  env: { SSL_CERT_DIR: '/etc/blackbox' },
  port: blackboxPort,
  calls: [],
  config: {
    path: '/etc/blackbox',
    files: { 'blackbox.yaml': { yaml: { modules } }, 'roots.pem': { text: ref('acme.roots') } },
  },
  mounts: [],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${blackboxPort}/-/healthy`],
    deadlineSeconds: 30,
  },
  checker: '/bin/blackbox_exporter',
  check: ['--config.check', '--config.file=/etc/blackbox/blackbox.yaml'],
  memoryMb: 64,
  cpus: 0.25,
  user: '65531:65531',
  stopSeconds: 10,
});

const modules = Object.fromEntries(
  Object.entries(statuses).map(([name, codes]) => [
    name,
    {
      prober: 'http',
      timeout: '10s',
      http: {
        preferred_ip_protocol: 'ip4',
        follow_redirects: false,
        ...(codes.length > 0 && { valid_status_codes: [...codes] }),
      },
    },
  ]),
);

/**
 * Returns the scrape jobs of sites, one for each kind of answer. A site is requested by its name at the address of its
 * machine; `berth status` checks whether the name resolves to that address.
 */
export const probeJobs = (sites: readonly ProbedSite[]): readonly object[] =>
  [...new Set(sites.map(answersOf))].map((module) => ({
    job_name: `site-${module}`,
    metrics_path: '/probe',
    params: { module: [module] },
    static_configs: sites
      .filter((site) => answersOf(site) === module)
      .map(({ domain, machine, address, path }) => ({
        targets: [url(address, path)],
        labels: { machine, site: domain },
      })),
    relabel_configs: [
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['site'], target_label: '__param_hostname' },
      { source_labels: ['site'], target_label: 'instance' },
      { target_label: '__address__', replacement: `blackbox:${blackboxPort}` },
    ],
  }));

const answersOf = ({ answers = 'page' }: ProbedSite): keyof typeof statuses => answers;

const url = (address: Reference, path: string): Value => text`https://${address}${path}`;
