import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { linter } from '../../tools/lib/linters.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { type TrafficProject, trafficProject } from './requests/project.ts';
import { requestTable } from './requests/table.ts';
import { type Edge, edges, type Visit, visits } from './requests/visit.ts';
import { figure } from './samples.ts';

const releases = 10;
const enough = 20_000;
/** Of visits, in which the releases are to come to their end: a k6 that is ended early takes its last requests for failed */
const minutes = 9;
/** Quick requests a second of each of three kinds of visitors to each of two proxies */
const rate = 13;

/** Visitors of every kind over ten releases through nginx and through Traefik, beside a quiet minute */
export const measure: Measure = async ({ environment, log }) => {
  const k6 = await linter('k6', log);
  const project = await trafficProject(environment);
  try {
    await project.release('1.0.0');
    const quiet = await visits(k6, project.sites, { rate, duration: '1m' }, log);
    const [released] = await Promise.all([
      visits(k6, project.sites, { rate, duration: `${minutes}m` }, log),
      releaseAll(project, log),
    ]);
    await writeMarked('docs/reliability.md', 'requests', page(quiet, released));
    return figures(quiet, released);
  } finally {
    await project.remove();
  }
};

async function releaseAll(project: TrafficProject, log: (line: string) => void): Promise<void> {
  const began = performance.now();
  for (let number = 1; number <= releases; number++) {
    await project.release(`1.0.${number}`);
    log(`release ${number} of ${releases}, after ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  if (performance.now() - began > minutes * 60_000)
    throw new Error(`${releases} releases took longer than the ${minutes} minutes of the visits`);
}

const page = (quiet: readonly Visit[], released: readonly Visit[]): string =>
  `Run on ${new Date().toISOString().slice(0, 10)}.\n\n${requestTable(quiet, released)}`;

function figures(quiet: readonly Visit[], released: readonly Visit[]): Figure[] {
  const sum = (what: (one: Visit) => number): number => released.reduce((total, one) => total + what(one), 0);
  const requests = sum((one) => one.requests);
  const worst = (edge: Edge, all: readonly Visit[]) =>
    Math.max(...all.filter((one) => one.edge === edge).map(({ p99 }) => p99));
  return [
    figure(`failed of ${requests} requests over ${releases} releases`, [sum((one) => one.failed)], '', 0),
    figure(`requests that are missing to ${enough}`, [Math.max(0, enough - requests)], '', 0),
    ...edges.map((edge) => {
      const ratio = worst(edge, released) / worst(edge, quiet);
      return figure(`p99 through ${edge} over releases, to a quiet minute's`, [ratio], '×', 2);
    }),
  ];
}
