import { shortVersion } from '../../../ping/report.ts';
import type { Deployment, PageData, SeenMachine } from '../data.ts';
import { html, type Markup } from '../html.ts';
import { foldingTable } from '../table.ts';
import { mark, moment, took } from '../words.ts';

/** Returns the last runs of the engine with their authors, and what went live on the machines by them */
export function releases({ deployments, machines, madeAt }: PageData): Markup {
  const live = wentLive(machines);
  return html`<section id="releases" aria-labelledby="releases-head"><h2 id="releases-head">Releases</h2>${
    'why' in deployments
      ? html`<p class="none">The runs of the engine are not known: ${deployments.why}</p>`
      : foldingTable(
          'Last runs of the engine',
          ['When', 'What', 'Result', 'By', 'Message'],
          deployments.map((one) => row(one, madeAt)),
        )
  }${
    live.length > 0 &&
    foldingTable(
      'Last releases on the machines',
      ['Went live', 'System', 'Version', 'How', 'Took', 'Machines'],
      live.map(({ system, version, at, how, seconds, names }) => [
        moment(at, madeAt),
        system,
        shortVersion(version),
        how,
        seconds > 0 ? took(seconds) : '',
        names.join(', '),
      ]),
    )
  }</section>`;
}

const row = ({ kind, result, at, message, by, commit }: Deployment, now: Date): readonly (Markup | string)[] => [
  moment(at, now),
  kind,
  resultMark(result),
  [by, commit === '' ? '' : `commit ${commit}`].filter((text) => text !== '').join(', ') || 'not known',
  message,
];

function resultMark(result: string): Markup {
  if (result === 'succeeded') return mark('well', result);
  return mark(result === 'failed' ? 'warning' : 'unknown', result || 'unknown');
}

interface Live {
  system: string;
  version: string;
  at: string;
  how: string;
  /** Of the slowest machine */
  seconds: number;
  names: readonly string[];
}

const [mostShown, togetherMilliseconds] = [10, 3_600_000];

/** Returns what went live, the latest first; machines that got the same version within an hour are one release */
function wentLive(machines: readonly SeenMachine[]): readonly Live[] {
  const all = machines
    .flatMap(({ system, pinged, releases: own }) =>
      own.map(({ at, version, by, way, seconds }) => {
        const how = `${way === 'rollback' ? 'brought back' : 'released'}${by === '' ? '' : ` by ${by}`}`;
        return { system, version, at, how, seconds, names: [pinged.name] };
      }),
    )
    .sort((a, b) => b.at.localeCompare(a.at));
  const found: Live[] = [];
  for (const one of all) {
    const same = found.findIndex(
      ({ system, version, how, at }) =>
        system === one.system &&
        version === one.version &&
        how === one.how &&
        Date.parse(at) - Date.parse(one.at) < togetherMilliseconds,
    );
    const other = found[same];
    if (!other) found.push(one);
    else
      found[same] = {
        ...other,
        seconds: Math.max(other.seconds, one.seconds),
        names: [...new Set([...other.names, ...one.names])],
      };
  }
  return found.slice(0, mostShown);
}
