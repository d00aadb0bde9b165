import type { SecretName } from './value.ts';

/** Alert that fires as long as Prometheus works (templates/prometheus/rules/prometheus.yaml) */
export const heartbeatAlert = 'Heartbeat';

/** Alert that `berth alerts --test` sends */
export const testAlert = 'BerthTest';

/** Receiver of every alert but the heartbeat */
export const people = 'people';

/** Name and port of the service that tells people */
export const alertmanagerService = 'alertmanager';
export const alertmanagerPort = 9093;

/** Receivers of alerts: any number of them, each of which gets every alert */
export interface AlertOptions {
  discord?: SecretName;
  slack?: { webhook: SecretName; channel?: string };
  /** Gets Alertmanager's JSON */
  webhook?: SecretName;
  email?: { to: readonly string[]; from: string; server: string; user?: string; password?: SecretName };
  /** Whether the end of an alert is told, too */
  resolved: boolean;
  /** How long the first alert of a group waits for others */
  groupSeconds: number;
  /** After how long an alert that goes on is told again */
  repeatHours: number;
  deadMansSwitch?: { url: SecretName; everyMinutes: number };
}
