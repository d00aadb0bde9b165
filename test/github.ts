import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, type Sent } from './github/routes.ts';
import { fresh, type State } from './github/state.ts';

export { filesOf, type State, stranger, workflow } from './github/state.ts';

/** A server that plays GitHub's API for one repository, and remembers */
export interface GitHub {
  url: string;
  /** What it holds, for tests to look at and to change */
  state: State;
  /** Requests that change something, such as `POST issues/7/comments`, in order */
  writes: string[];
  /**
   * What a job has in its environment; the workflow was started by a pull request where a number is given
   * @param number of the pull request
   */
  environment(number?: number): Record<string, string>;
  /** What jobs have written to their summary so far */
  summary(): string;
  /** From now on every request is refused with this status */
  refuse(status: number | undefined): void;
  close(): Promise<void>;
}

/** The one token that it takes */
export const token = 'ghs_a-token-that-nobody-should-see';
export const repository = 'acme/infrastructure';

/**
 * Starts one on a free port of this computer.
 * @param files of the one commit on main, by path
 */
export async function github(files: Readonly<Record<string, string>> = {}): Promise<GitHub> {
  const state = fresh(files);
  const writes: string[] = [];
  let refusal: number | undefined;
  const server = createServer(async (request, response) => {
    if (refusal !== undefined) {
      reply(response, refusal, { message: 'Resource not accessible by integration' });
      return;
    }
    if (!/^(token|bearer) /i.test(request.headers.authorization ?? '') || !tokenOf(request).endsWith(token)) {
      reply(response, 401, { message: 'Bad credentials' });
      return;
    }
    const url = new URL(request.url ?? '', 'http://localhost');
    const path = decodeURIComponent(url.pathname.replace(`/repos/${repository}`, '').replace(/^\//, ''));
    const method = request.method ?? '';
    if (method !== 'GET') writes.push(`${method} ${path}`);
    const { status, body } = answer(state, { method, path, query: url.searchParams, body: await bodyOf(request) });
    reply(response, status, Array.isArray(body) ? page(body, url, response) : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'berth-github-'));
  writeFileSync(join(folder, 'summary.md'), '');
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    writes,
    environment(number) {
      const event = join(folder, `event-${number}.json`);
      writeFileSync(event, JSON.stringify(number === undefined ? {} : { pull_request: { number } }));
      return {
        GITHUB_ACTIONS: 'true',
        GITHUB_API_URL: `http://127.0.0.1:${port}`,
        GITHUB_REPOSITORY: repository,
        GITHUB_TOKEN: token,
        GITHUB_EVENT_PATH: event,
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      };
    },
    summary: () => readFileSync(join(folder, 'summary.md'), 'utf8'),
    refuse(status) {
      refusal = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

const tokenOf = (request: IncomingMessage): string => request.headers.authorization ?? '';

async function bodyOf(request: IncomingMessage): Promise<Sent> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text === '' ? '{}' : text);
}

/** One page of a list, and where the next is */
function page(all: readonly unknown[], url: URL, response: ServerResponse): readonly unknown[] {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const number = Number(url.searchParams.get('page') ?? 1);
  if (number * size < all.length) {
    const next = new URL(url.pathname + url.search, `http://${response.req.headers.host}`);
    next.searchParams.set('page', String(number + 1));
    response.setHeader('link', `<${next.href}>; rel="next"`);
  }
  return all.slice((number - 1) * size, number * size);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
