import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { started } from '../../e2e/stack.ts';

const script = fileURLToPath(new URL('visitors.js', import.meta.url));

export const edges = ['traefik', 'nginx'] as const;
export type Edge = (typeof edges)[number];

/** How visitors connect, and what k6 is told for it */
export const protocols = {
  'HTTP/2': {},
  'HTTP/1.1, kept connections': { GODEBUG: 'http2client=0' },
  'HTTP/1.1, fresh connections': { GODEBUG: 'http2client=0', FRESH: 'true' },
} as const;
export type Protocol = keyof typeof protocols;

/** What visitors of one kind saw of one proxy */
export interface Visit {
  edge: Edge;
  protocol: Protocol;
  /** Quick requests, uploads, downloads and websockets together */
  requests: number;
  failed: number;
  /** Of quick requests, in milliseconds */
  p99: number;
}

/**
 * Lets visitors of every kind come to both proxies
 * @param k6 the program
 * @param sites each proxy's address
 * @param rate quick requests a second of each kind to each proxy
 * @param log is told each failure
 */
export async function visits(
  k6: string,
  sites: Readonly<Record<Edge, string>>,
  { rate, duration }: { rate: number; duration: string },
  log: (line: string) => void,
): Promise<readonly Visit[]> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-visits-'));
  const given = edges.map((edge) => `${edge}=${sites[edge]}`).join(',');
  const running = Object.entries(protocols).map(async ([protocol, environment], at) => {
    const summary = join(folder, `${at}.json`);
    const words = ['run', '--quiet', '--no-color', '--no-usage-report', '--summary-export', summary, script];
    const { GODEBUG = '', FRESH = '' } = environment as Record<string, string>;
    const own = { ...process.env, GODEBUG };
    const told = Object.entries({ SITES: given, RATE: rate, DURATION: duration, FRESH });
    const k6Words = [...words, ...told.flatMap(([name, value]) => ['-e', `${name}=${value}`])];
    const { output } = await started(k6, k6Words, own).ended;
    for (const line of output.split('\n').filter((one) => one.includes('level=error'))) log(`${protocol}: ${line}`);
    return visitsIn(protocol as Protocol, JSON.parse(await readFile(summary, 'utf8')) as Summary);
  });
  return (await Promise.all(running).finally(() => rm(folder, { recursive: true, force: true }))).flat();
}

/** What k6 writes of its metrics, by name with tags */
export interface Summary {
  metrics: Record<string, Record<string, number>>;
}

/** Returns what a summary of k6 says of each proxy. @throws where it says nothing of one */
export const visitsIn = (protocol: Protocol, { metrics }: Summary): Visit[] =>
  edges.map((edge) => {
    const checks = metrics[`checks{edge:${edge}}`];
    const p99 = metrics[`http_req_duration{edge:${edge},kind:quick}`]?.['p(99)'];
    if (checks?.passes === undefined || p99 === undefined)
      throw new Error(`k6 says nothing of ${edge}: it has ${Object.keys(metrics).join(', ')}`);
    const failed = checks.fails ?? 0;
    return { edge, protocol, requests: checks.passes + failed, failed, p99 };
  });
