import { machineLine } from '../../ping/report.ts';
import { renewedBeforeDays } from '../reportTable.ts';
import { certificatesOf } from './certificates.ts';
import type { JobRow, PageData } from './data.ts';
import { counted } from './words.ts';

/** Something that a person should look at */
export interface Concern {
  /** Whether visitors or data are without something now */
  grave: boolean;
  /** System, machine or site */
  where: string;
  what: string;
  /** Section of the page that tells more */
  section: Section;
}

export type Section = 'systems' | 'machines' | 'certificates' | 'backups' | 'jobs' | 'alerts';

/** Returns all that needs attention, what is grave first; empty where all is well */
export function concernsOf(data: PageData): readonly Concern[] {
  const found = [
    ...sites(data),
    ...alerts(data),
    ...machines(data),
    ...certificatesOf(data).flatMap(({ name, days }): Concern[] =>
      days < renewedBeforeDays
        ? [
            {
              grave: days < 0,
              where: name,
              section: 'certificates',
              what: days < 0 ? 'its certificate has expired' : `its certificate expires in ${counted(days, 'day')}`,
            },
          ]
        : [],
    ),
    ...data.jobs.flatMap((row) => jobConcern(row, data.madeAt)),
  ];
  return [...found.filter(({ grave }) => grave), ...found.filter(({ grave }) => !grave)];
}

const sites = ({ report }: PageData): readonly Concern[] =>
  Object.entries(report.systems).flatMap(([where, { problems }]) =>
    problems.map((what): Concern => ({ grave: true, where, what, section: 'systems' })),
  );

const alerts = ({ monitoring }: PageData): readonly Concern[] =>
  Object.entries(monitoring).flatMap(([system, one]): Concern[] => {
    const concern = (grave: boolean, where: string, what: string): Concern => ({
      grave,
      where,
      what,
      section: 'alerts',
    });
    if (one.kind === 'none') return [];
    if (one.kind === 'silent') return [concern(false, system, `its monitoring was not asked: ${one.why}`)];
    if (!one.alerts) return [concern(true, system, 'its Alertmanager does not answer: nobody is told of anything')];
    const { firing, heartbeat } = one.alerts;
    return [
      ...(heartbeat
        ? []
        : [concern(true, system, 'Alertmanager hears nothing of Prometheus: nobody is told of anything')]),
      ...firing
        .filter(({ silenced }) => !silenced)
        .map(({ severity, machine, summary, alert }) =>
          concern(severity === 'critical', machine || system, summary || alert),
        ),
    ];
  });

function machines({ report, machines: seen, notAsked }: PageData): readonly Concern[] {
  const concern = (where: string, what: string): Concern => ({ grave: false, where, what, section: 'machines' });
  const on = Object.values(report.systems).flatMap((system) =>
    Object.entries(system.machines).filter(([, { off }]) => off === undefined),
  );
  const closed = on.filter(([, { ssh }]) => ssh === 'closed').map(([name]) => name);
  const outside = "SSH does not answer this computer: is it in the operators' networks?";
  return [
    ...(notAsked === undefined ? [] : [concern(report.stack, `its machines were not asked: ${notAsked}`)]),
    ...(closed.length > 1 && closed.length === on.length
      ? [concern(report.stack, `of no machine, ${outside}`)]
      : closed.map((name) => concern(name, `its ${outside}`))),
    ...seen.flatMap(({ pinged }) => machineLine(pinged).problems.map((what) => concern(pinged.name, what))),
  ];
}

/** As the alert BackupOld has it (templates/prometheus/rules/backups.yaml) */
const oldBackupHours = 7;

function jobConcern({ system, name, backup, record, machine }: JobRow, now: Date): readonly Concern[] {
  const section = backup ? 'backups' : 'jobs';
  const concern = (what: string): readonly Concern[] => [{ grave: false, where: machine || system, what, section }];
  if (record && record.result !== '') return concern(`job ${name}: ${record.result}`);
  if (backup?.does !== 'take') return [];
  const hours = (now.getTime() / 1000 - (record?.lastSuccess ?? 0)) / 3600;
  if (!record) return concern(`no backup of ${backup.of} has been taken yet`);
  return hours > oldBackupHours ? concern(`the newest backup of ${backup.of} is ${Math.floor(hours)} hours old`) : [];
}
