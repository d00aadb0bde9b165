import { edges, type Protocol, protocols, type Visit } from './visit.ts';

/** Returns what visitors saw in a quiet minute and over releases, as a table in Markdown */
export function requestTable(quiet: readonly Visit[], released: readonly Visit[]): string {
  const rows = edges.flatMap((edge) =>
    (Object.keys(protocols) as Protocol[]).map((protocol) => {
      const of = (all: readonly Visit[]) => all.find((one) => one.edge === edge && one.protocol === protocol);
      const [before, during] = [of(quiet), of(released)];
      return `| ${[
        edge,
        protocol,
        during?.requests ?? 0,
        during?.failed ?? 0,
        milliseconds(before),
        milliseconds(during),
        before && during ? `${(during.p99 / before.p99).toFixed(1)} ×` : '',
      ].join(' | ')} |`;
    }),
  );
  const head = ['proxy', 'connections', 'requests', 'failed', 'p99, quiet minute', 'p99, ten releases', 'ratio'];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
}

const milliseconds = (visit: Visit | undefined): string => (visit ? `${visit.p99.toFixed(0)} ms` : '');
