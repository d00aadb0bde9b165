/** Alert that fires as long as Prometheus works (templates/prometheus/rules/prometheus.yaml) */
export const heartbeatAlert = 'Heartbeat';

/** Alert that `berth alerts --test` sends */
export const testAlert = 'BerthTest';

/** Receiver of every alert but the heartbeat */
export const people = 'people';

/** Name and port of the service that tells people */
export const alertmanagerService = 'alertmanager';
export const alertmanagerPort = 9093;
