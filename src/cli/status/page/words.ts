import { ageText } from '../../backups/snapshots.ts';
import { html, type Markup } from './html.ts';

/** How a thing is: by a word and a colour */
export type State = 'well' | 'warning' | 'down' | 'off' | 'unknown';

export const mark = (state: State, text: string = state): Markup => html`<span class="mark ${state}">${text}</span>`;

/** Returns a moment with its age, for example `2026-11-30 09:12 UTC, 2 h 20 min ago` */
export function moment(at: Date | string, now: Date): Markup {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return html`unknown`;
  const iso = time.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')}</time> <small>${ageText(time, now)} ago</small>`;
}

/** Returns a share in percent, of which only the whole is 100 */
export const percent = (share: number): string => `${Math.floor(share * 1000 + 1e-6) / 10} %`;

export const milliseconds = (seconds: number): string =>
  seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;

/** Returns a duration in seconds for people */
export const took = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

/** Returns a count with its noun */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
