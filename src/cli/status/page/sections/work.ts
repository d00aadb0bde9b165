import { sizeText } from '../../../backups/snapshots.ts';
import type { JobRow, PageData } from '../data.ts';
import { html, type Markup } from '../html.ts';
import { foldingTable } from '../table.ts';
import { mark, moment, took } from '../words.ts';

/** Returns the backups with their age, and when one was last restored as a test */
export function backups({ jobs, madeAt }: PageData): Markup {
  const taken = jobs.filter(({ backup }) => backup?.does === 'take');
  const rows = taken.map((row) => {
    const { system, backup, record, when } = row;
    const tried = jobs.find(
      (one) => one.system === system && one.backup?.does === 'try' && one.backup.of === backup?.of,
    );
    const size = record?.figures.berth_backup_size_bytes;
    return [
      `${system} ${backup?.of ?? ''}`,
      result(row),
      at(record?.lastSuccess, madeAt),
      size === undefined ? '' : sizeText(size),
      at(tried?.record?.lastSuccess, madeAt),
      when,
    ];
  });
  return html`<section id="backups" aria-labelledby="backups-head"><h2 id="backups-head">Backups</h2>${
    rows.length === 0
      ? html`<p class="none">No system of this stack takes backups.</p>`
      : foldingTable('The newest of each', ['Data', 'Last run', 'Newest', 'Size', 'Restored as a test', 'When'], rows)
  }</section>`;
}

/** Returns the jobs with their last run */
export function jobs({ jobs: all, madeAt }: PageData): Markup {
  const rows = all
    .filter(({ backup }) => backup?.does !== 'take')
    .map((row) => {
      const { system, name, record, when, machine } = row;
      return [
        html`${name}<br><small>${machine || system}</small>`,
        result(row),
        record ? html`${moment(new Date(record.began * 1000), madeAt)}` : '',
        record ? took(record.seconds) : '',
        at(record?.lastSuccess, madeAt),
        when,
      ];
    });
  return html`<section id="jobs" aria-labelledby="jobs-head"><h2 id="jobs-head">Jobs</h2>${
    rows.length === 0
      ? html`<p class="none">No system of this stack has jobs.</p>`
      : foldingTable('The last run of each', ['Job', 'Result', 'Began', 'Took', 'Last success', 'When'], rows)
  }</section>`;
}

function result({ record }: JobRow): Markup {
  if (!record) return mark('unknown', 'not run yet');
  return record.result === '' ? mark('well') : html`${mark('warning', 'failed')}<br><small>${record.result}</small>`;
}

/** @param seconds since 1970; 0 for never */
const at = (seconds: number | undefined, now: Date): Markup | string =>
  seconds ? moment(new Date(seconds * 1000), now) : 'never';
