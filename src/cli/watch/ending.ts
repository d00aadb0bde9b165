import { duration } from '../../process/progress.ts';
import type { StatusReport } from '../status/report.ts';
import { isMachine, type WatchState } from './state.ts';
import type { Watch } from './watch.ts';

/** How a deployment ended, for people and programs */
export interface Ending {
  /** One word or two for programs, such as `deployed` */
  result: string;
  /** What failed; absent where all is well */
  failed?: string | undefined;
  /** Versions that answer, by system; absent where nothing was asked */
  live?: Readonly<Record<string, string>> | undefined;
  /** @default the time since the command began */
  took?: string;
  /** What to do next, or the command that looks further */
  next: string;
}

/** Shows the lines that matter last, and tells programs the same */
export function tellEnding(watch: Watch, ending: Ending): void {
  const { result, live = {}, next, failed } = ending;
  const lines = endingLines({ took: duration(watch.seconds()), ...ending }).join('\n');
  if (failed === undefined) console.log(`\n${lines}`);
  else console.error(`\n${lines}`);
  watch.result({ result, live, next });
}

/** Returns what failed, what is live, how long it took, what to do next: a line each */
export function endingLines({ failed, live, took = '', next }: Ending): readonly string[] {
  const answers = live && Object.entries(live).map(([system, what]) => `${system} ${what}`);
  return [
    ...(failed === undefined ? [] : [`failed  ${failed}`]),
    ...(answers === undefined ? [] : [`live    ${answers.join('; ') || 'nothing'}`]),
    `took    ${took}`,
    `next    ${next}`,
  ];
}

/** Returns what answers, by system */
export const liveIn = ({ systems }: Pick<StatusReport, 'systems'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(systems).map(([name, { version, url }]) => [
      name,
      version.told === false
        ? `${version.declared} at ${url}`
        : `${version.answers ?? 'of an unknown version'} at ${url}`,
    ]),
  );

/** Returns in one line what failed first: the machine, its step, and the reason's own line */
export function failureText({ machine, step, text = '' }: NonNullable<WatchState['failure']>): string {
  const place = [machine, step === undefined ? undefined : `step ${step}`].filter((part) => part !== undefined);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const reason = lines.find((line) => line.startsWith('error: ')) ?? lines.at(-1) ?? '';
  return [place.join(', '), reason.replace(/^error: /, '')].filter((part) => part !== '').join(': ');
}

/** Returns the command that looks further after a failure */
export const lookFurther = (stack: string, failure: WatchState['failure']): string =>
  failure?.machine !== undefined && isMachine(failure.machine)
    ? `npx berth ssh ${stack} ${failure.machine} -- sudo journalctl -t berth -n 100`
    : `npx berth status ${stack}`;
