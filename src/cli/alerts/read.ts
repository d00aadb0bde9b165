import { z } from 'zod';
import { heartbeatAlert } from '../../model/alerting.ts';
import { between } from './scripts.ts';

const alert = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  startsAt: z.string(),
  status: z.object({ state: z.string() }),
});

export interface Firing {
  alert: string;
  severity: string;
  /** Machine that it is about; empty where it is about none */
  machine: string;
  /** UTC, as in ISO 8601 */
  since: string;
  summary: string;
  description: string;
  /** Whether somebody has silenced it, or another alert says more */
  silenced: boolean;
}

export interface Alerts {
  firing: readonly Firing[];
  /** Whether Prometheus tells its alerts to this Alertmanager: its heartbeat is there */
  heartbeat: boolean;
}

/**
 * Reads what Alertmanager says of its alerts, the gravest first
 * @throws when it is something else
 */
export function readAlerts(text: string): Alerts {
  const read = z.array(alert).parse(JSON.parse(text));
  const grades = ['critical', 'warning'];
  const firing = read
    .filter(({ labels }) => labels.alertname !== heartbeatAlert)
    .map(({ labels, annotations, startsAt, status }) => ({
      alert: labels.alertname ?? '',
      severity: labels.severity ?? '',
      machine: labels.machine ?? '',
      since: startsAt,
      summary: annotations.summary ?? '',
      description: annotations.description ?? '',
      silenced: status.state === 'suppressed',
    }));
  const grade = ({ severity }: Firing): number => (grades.includes(severity) ? grades.indexOf(severity) : 2);
  return {
    firing: firing.sort((one, other) => grade(one) - grade(other) || one.since.localeCompare(other.since)),
    heartbeat: read.some(({ labels }) => labels.alertname === heartbeatAlert),
  };
}

/** What a kind of receiver did with a test: it took all that it was asked, refused some, or was not asked in time */
export interface Taken {
  /** `discord`, `slack`, `webhook` or `email` */
  receiver: string;
  how: 'taken' | 'refused' | 'no answer';
}

/** Reads the counts that the script of a test prints; empty where nobody is told of alerts */
export function readTest(text: string): readonly Taken[] {
  const [before = '', after = ''] = text.split(`${between}\n`);
  const former = counts(before);
  const latter = counts(after);
  const receivers = [...latter.keys()].filter((key) => key.startsWith('total ')).map((key) => key.slice(6));
  const more = (key: string): number => (latter.get(key) ?? 0) - (former.get(key) ?? 0);
  return receivers.map((receiver) => {
    if (more(`failed_total ${receiver}`) > 0) return { receiver, how: 'refused' };
    return { receiver, how: more(`total ${receiver}`) > 0 ? 'taken' : 'no answer' };
  });
}

/** Counts by `total discord` and `failed_total discord` */
function counts(text: string): ReadonlyMap<string, number> {
  const found = text.matchAll(
    /^alertmanager_notification_requests_((?:failed_)?total)\{.*?integration="(\w+)".*\} (\S+)$/gm,
  );
  return new Map([...found].map(([, kind, integration, count]) => [`${kind} ${integration}`, Number(count)]));
}
