import { lastSlot } from './address.ts';
import type { AdoptedHost } from './adoptedHost.ts';
import type { AlertOptions } from './alerting.ts';
import type { Schedule } from './blueprint.ts';
import { passwordLinesFlaw } from './passwordLines.ts';
import type { SecretForms } from './secretForm.ts';
import type { RolePlan, SecretFlaw } from './system.ts';

/** Role of the machine that watches the others of a system whose entry asks for `monitoring` */
export const monitoringRole = 'monitoring';

/** Name and port of the service that collects metrics */
export const prometheusService = 'prometheus';
export const prometheusPort = 9090;

/** Name of the service with its dashboards, which has a login of its own */
export const grafanaService = 'grafana';

/** Its addresses in a system that gives it none of its own */
export const monitoringPlan: RolePlan = { slot: lastSlot };

/** Options of the machine that watches the others, from a system's entry */
export interface MonitoringOptions {
  /** @default the size of the system's first machine */
  size?: string;
  diskGb: number;
  /** An existing reserved address to adopt */
  address?: string;
  publish?: Readonly<Record<string, number>>;
  schedule?: Schedule;
  hosts?: readonly AdoptedHost[];
  /** Data disk */
  volumeGb: number;
  /** How long figures are kept */
  retentionDays: number;
  /** Domain of the names of its pages. @default the system's own name */
  domain?: string;
  /** Contact of the certificate authority. @default that of the system's own certificates */
  contact?: string;
  /** Receivers of alerts. @default none: alerts appear on Alertmanager's page */
  alerts?: AlertOptions;
}

export const monitoringUsers = 'monitoringUsers';
export const grafanaPassword = 'grafanaPassword';

/** Descriptions of the secrets that it needs, by name */
export const monitoringSecrets: Readonly<Record<string, string>> = {
  [grafanaPassword]: "the password of Grafana's user admin, set when its disk is new",
  [monitoringUsers]: 'who may open Prometheus and Alertmanager, a line each: `htpasswd -nB <name>`',
};

/** Checks of these secrets */
export const monitoringFlaws: Readonly<Record<string, (text: string) => SecretFlaw | undefined>> = {
  [monitoringUsers]: passwordLinesFlaw,
};

/** Forms of these secrets */
export const monitoringForms: SecretForms = {
  [grafanaPassword]: { kind: 'password', login: { user: 'admin', service: grafanaService } },
  [monitoringUsers]: { kind: 'users', user: 'operator' },
};

/** An exporter that runs on each machine of a role */
export interface Exporter {
  /** Job name in Prometheus, for example `mysql` */
  job: string;
  /** Subject of its metrics, for people */
  of: string;
  role: string;
  /** Machines of the role */
  count: number;
  port: number;
  /** Name of its service, by which services of the same machine reach it */
  service: string;
  /** Machine that its metrics are about, where it runs on another. @default the machine that it runs on */
  about?: string;
}
