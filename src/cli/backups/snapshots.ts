import { z } from 'zod';
import { beforeRestore } from '../../model/backup.ts';
import { remoteWords } from '../run/remote.ts';
import { machineToRun, type RunnableStack, runInCluster } from '../run/start.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { runRemoteCommand } from '../ssh/remoteScript.ts';
import type { BackupJob } from './jobs.ts';

/** A backup in its repository */
export interface Snapshot {
  id: string;
  time: Date;
  bytes: number;
  /** Taken before a restore replaced the live data; such a one is restored only by its own time */
  beforeRestore: boolean;
}

const told = z.array(
  z.object({
    short_id: z.string(),
    time: z.string(),
    tags: z.array(z.string()).default([]),
    summary: z.object({ total_bytes_processed: z.number() }).optional(),
  }),
);

/**
 * Returns the backups that a machine has told, the newest first
 * @throws where there are none to be read in what it said
 */
export function toldSnapshots(stdout: string): readonly Snapshot[] {
  const line = stdout.split('\n').find((one) => one.startsWith('['));
  if (line === undefined) throw new Error('the machine told no list of backups');
  return told
    .parse(JSON.parse(line))
    .map(({ short_id: id, time, tags, summary }) => ({
      ...{ id, time: new Date(time), bytes: summary?.total_bytes_processed ?? 0 },
      beforeRestore: tags.includes(beforeRestore),
    }))
    .sort((a, b) => b.time.getTime() - a.time.getTime());
}

/**
 * Asks a machine for the backups in its repository
 * @throws with what it said where it can't tell them
 */
export async function snapshotsOf(deployed: RunnableStack, { system, job }: BackupJob): Promise<readonly Snapshot[]> {
  const wanted = { system, what: job, command: [] };
  if (deployed.systems[system]?.cluster) {
    const lines: string[] = [];
    const code = await runInCluster(deployed, wanted, (line) => lines.push(line));
    if (code !== 0) throw new Error(`the cluster can't tell its backups:\n${lines.join('\n')}`);
    return toldSnapshots(lines.join('\n'));
  }
  const { name, outputs } = await machineToRun(deployed, wanted);
  const key = await deployKeyOf(deployed.engine);
  const { code, stdout, stderr } = await runRemoteCommand(outputs, key, remoteWords(wanted), '', listSeconds);
  if (code !== 0) throw new Error(`${name} can't tell its backups:\n${`${stderr}${stdout}`.trim()}`);
  return toldSnapshots(stdout);
}

const listSeconds = 330;

/**
 * The backup that is meant: the newest regular one, or the last of any kind at a time or before it
 * @throws where there is none, with those there are
 */
export function chosenSnapshot(snapshots: readonly Snapshot[], at?: Date): Snapshot {
  const found = snapshots.find((one) => (at === undefined ? !one.beforeRestore : one.time <= at));
  if (found) return found;
  const oldest = snapshots.at(-1);
  if (!oldest) throw new Error('there is no backup yet');
  throw new Error(
    at === undefined
      ? 'there is no backup but those from before a restore: name one by --at'
      : `there is no backup of ${at.toISOString()} or before: the oldest is of ${oldest.time.toISOString()}`,
  );
}

/** @throws where a text is no time */
export function timeOf(text: string): Date {
  // Without a zone it is UTC, as `berth backups` prints it
  const utc = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/.test(text);
  const [day, clock = '23:59:59'] = text.split(/[ T]/);
  const time = new Date(utc ? `${day}T${clock.length === 5 ? `${clock}:59` : clock}.999Z` : text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new Error(`--at ${text} is no time: write one such as "2026-03-01 14:20", by UTC`);
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size for people: `204 MB` */
export function sizeText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** An age for people, in its two largest units: `2 h 20 min` */
export function ageText(time: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 60_000));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

export const secondsText = (time: Date): string => time.toISOString().slice(0, 19).replace('T', ' ');
