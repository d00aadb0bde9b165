import { type Cell, type FaultName, faultNames, faults, type Seen, type StepName, steps } from './names.ts';

/** What a release does in each step, for readers */
const words: Record<StepName, string> = {
  Keep: 'keep its folder',
  MakeRoom: 'make room',
  CheckFiles: 'check host files',
  HostFiles: 'host files, firewall',
  Pull: 'pull images',
  ReleaseFiles: 'service files',
  CheckServices: 'check services',
  RunJob: 'migrate',
  Start: 'start beside the old',
  Replace: 'replace the shipper',
  Switch: 'switch',
  AwaitCertificates: 'certificates',
  Drain: 'drain',
  Stop: 'stop the old',
  Finish: 'record and prune',
};

/** Returns the matrix as a table in Markdown: a row a step, a column a fault */
export function matrixTable(seen: readonly Seen[]): string {
  const columns = faultNames.filter((fault) => seen.some((one) => one.fault === fault));
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = steps.map((step) =>
    row([words[step], ...columns.map((fault) => cellText(find(seen, { step, fault })))]),
  );
  return [
    row(['as this step begins', ...columns.map((one) => faults[one])]),
    row(['---', ...columns.map(() => '---')]),
    ...rows,
  ].join('\n');
}

/** Returns a line for each fault: failed requests, the longest time without an answer, and the next release's time */
export function faultTable(seen: readonly Seen[]): string {
  const rows = faultNames.flatMap((fault) => {
    const own = seen.filter((one) => one.fault === fault);
    return own.length === 0 ? [] : [`| ${[faults[fault], ...figuresOf(own)].join(' | ')} |`];
  });
  const head = ['fault', 'requests', 'failed', 'longest without an answer', 'the release itself', 'next release'];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

function figuresOf(own: readonly Seen[]): string[] {
  const sum = (what: (one: Seen) => number): number => own.reduce((total, one) => total + what(one), 0);
  const most = (what: (one: Seen) => number): string => `${Math.max(...own.map(what)).toFixed(1)} s`;
  const live = own.filter(({ first }) => first === 0).length;
  const unheard = own.filter(({ first }) => first === 'lost').length;
  const ended = [
    ...(live ? [`${live} went live`] : []),
    ...(own.length - live - unheard ? [`${own.length - live - unheard} failed`] : []),
    ...(unheard ? [`${unheard} unheard`] : []),
  ];
  const failed = sum((one) => one.failed);
  const whole = own.filter((one) => isWhole(one)).length;
  return [
    `${sum(({ requests }) => requests)}`,
    `${failed}`,
    failed === 0 ? '—' : most(({ downSeconds }) => downSeconds),
    ended.join(', '),
    `${whole} of ${own.length} whole, ≤ ${most(({ nextSeconds }) => nextSeconds)}`,
  ];
}

/** Whether one release served, whatever happened, and the next release made the machine whole */
export const isWhole = ({ serves, next, wrong }: Seen): boolean =>
  (serves === 'old' || serves === 'new') && next === 0 && wrong.length === 0;

function cellText(seen: Seen | undefined): string {
  if (seen === undefined) return '·';
  const away = seen.failed > 0 ? `, ${seen.downSeconds.toFixed(1)} s away` : '';
  const text = `${seen.serves}${away}`;
  return isWhole(seen) ? text : `**${text}, then not whole**`;
}

const find = (seen: readonly Seen[], cell: { step: StepName; fault: FaultName }): Seen | undefined =>
  seen.find((one) => one.step === cell.step && one.fault === cell.fault);

/** Returns a line about a cell for a terminal */
export const lineOf = (seen: Seen): string =>
  `${seen.step} × ${seen.fault}: ${cellText(seen)}, ${seen.failed} of ${seen.requests} requests failed; the release ended with ${seen.first}, the next with ${seen.next} in ${seen.nextSeconds.toFixed(1)} s${seen.wrong.map((one) => `\n${one}`).join('')}`;

/** Cells that have not been seen yet, each once */
export const missing = (cells: readonly Cell[], seen: readonly Seen[]): Cell[] =>
  cells.filter(
    (cell, at) =>
      find(seen, cell) === undefined &&
      cells.findIndex((one) => one.step === cell.step && one.fault === cell.fault) === at,
  );
