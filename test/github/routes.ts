import { filesOf, type State, workflow } from './state.ts';

export interface Request {
  method: string;
  /** Without the repository's own, such as `issues/7/comments` */
  path: string;
  query: URLSearchParams;
  body: Sent;
}

/** What clients send, as far as it is looked at */
export interface Sent {
  title: string;
  body: string;
  state: string;
  head: string;
  base: string;
  ref: string;
  sha: string;
  force?: boolean;
  message: string;
  parents: readonly string[];
  /** A tree's name where a commit is made, else the files that change */
  tree: string | readonly { path: string; content: string }[];
  base_tree: string;
}

export type Reply = { status: number; body: unknown };
type Route = [method: string, path: RegExp, answer: (state: State, request: Request, ...parts: string[]) => Reply];

/** What GitHub's API answers to a request on the repository */
export function answer(state: State, request: Request): Reply {
  for (const [method, path, route] of routes) {
    const parts = path.exec(request.path);
    if (method === request.method && parts) return route(state, request, ...parts.slice(1));
  }
  return missing;
}

const missing: Reply = { status: 404, body: { message: 'Not Found' } };
const ok = (body: unknown): Reply => ({ status: 200, body });
const created = (body: unknown): Reply => ({ status: 201, body });

const routes: readonly Route[] = [
  ['GET', /^$/, () => ok({ default_branch: 'main' })],

  [
    'GET',
    /^issues\/(\d+)\/comments$/,
    ({ comments }, _, on) => ok(comments.filter((comment) => comment.on === Number(on))),
  ],
  [
    'POST',
    /^issues\/(\d+)\/comments$/,
    ({ comments }, { body }, on) => {
      const comment = { ...workflow, id: 1000 + comments.length, on: Number(on), body: body.body };
      return tooLong(body.body) ?? created(comments[comments.push(comment) - 1]);
    },
  ],
  [
    'PATCH',
    /^issues\/comments\/(\d+)$/,
    ({ comments }, { body }, id) =>
      tooLong(body.body) ??
      change(
        comments.find((comment) => comment.id === Number(id)),
        body,
      ),
  ],

  ['GET', /^issues$/, ({ issues }, { query }) => ok(issues.filter(({ state }) => state === query.get('state')))],
  [
    'POST',
    /^issues$/,
    ({ issues, pulls }, { body }) => {
      const issue = { ...body, ...workflow, number: issues.length + pulls.length + 1, state: 'open' };
      return tooLong(body.body) ?? created(issues[issues.push(issue) - 1]);
    },
  ],
  [
    'PATCH',
    /^issues\/(\d+)$/,
    ({ issues }, { body }, number) =>
      tooLong(body.body) ??
      change(
        issues.find((issue) => issue.number === Number(number)),
        body,
      ),
  ],

  [
    'GET',
    /^git\/ref\/heads\/(.+)$/,
    ({ branches }, _, name) => (branches[name ?? ''] ? ok({ object: { sha: branches[name ?? ''] } }) : missing),
  ],
  [
    'GET',
    /^git\/matching-refs\/heads\/(.+)$/,
    ({ branches }, _, start = '') => {
      const names = Object.keys(branches).filter((name) => name.startsWith(start));
      return ok(names.map((name) => ({ ref: `refs/heads/${name}`, object: { sha: branches[name] } })));
    },
  ],
  [
    'POST',
    /^git\/refs$/,
    ({ branches }, { body }) => {
      const name = body.ref.replace('refs/heads/', '');
      if (branches[name]) return { status: 422, body: { message: 'Reference already exists' } };
      branches[name] = body.sha;
      return created({ object: { sha: body.sha } });
    },
  ],
  [
    'PATCH',
    /^git\/refs\/heads\/(.+)$/,
    ({ branches, commits }, { body }, name = '') => {
      const former = branches[name];
      if (!former) return { status: 422, body: { message: 'Reference does not exist' } };
      const forward = commits[body.sha]?.parents.includes(former);
      if (!forward && !body.force) return { status: 422, body: { message: 'Update is not a fast forward' } };
      branches[name] = body.sha;
      return ok({ object: { sha: body.sha } });
    },
  ],
  [
    'GET',
    /^git\/commits\/(.+)$/,
    ({ commits }, _, sha = '') => (commits[sha] ? ok({ sha, tree: { sha: commits[sha].tree } }) : missing),
  ],
  [
    'POST',
    /^git\/commits$/,
    ({ commits }, { body }) => {
      const sha = `commit-${Object.keys(commits).length}`;
      commits[sha] = { message: body.message, tree: String(body.tree), parents: body.parents };
      return created({ sha });
    },
  ],
  [
    'POST',
    /^git\/trees$/,
    ({ trees }, { body }) => {
      const sha = `tree-${Object.keys(trees).length}`;
      const changed = typeof body.tree === 'string' ? [] : body.tree.map(({ path, content }) => [path, content]);
      trees[sha] = { ...trees[body.base_tree], ...Object.fromEntries(changed) };
      return created({ sha });
    },
  ],
  [
    'GET',
    /^contents\/(.+)$/,
    (state, { query }, path = '') => {
      const text = filesOf(state, query.get('ref') ?? 'main')[path];
      if (text === undefined) return missing;
      return ok({ type: 'file', encoding: 'base64', content: Buffer.from(text).toString('base64') });
    },
  ],

  [
    'GET',
    /^pulls$/,
    ({ pulls }, { query }) =>
      ok(pulls.filter(({ state, head }) => state === 'open' && query.get('head')?.split(':')[1] === head)),
  ],
  [
    'POST',
    /^pulls$/,
    ({ issues, pulls }, { body }) => {
      const pull = { ...body, number: issues.length + pulls.length + 1, state: 'open' };
      return created(pageOf(pulls[pulls.push(pull) - 1]));
    },
  ],
  [
    'PATCH',
    /^pulls\/(\d+)$/,
    ({ pulls }, { body }, number) => {
      const pull = pulls.find((one) => one.number === Number(number));
      return pull ? ok(pageOf(Object.assign(pull, body))) : missing;
    },
  ],
];

const pageOf = (pull: { number: number } | undefined) => ({
  ...pull,
  html_url: `https://github.example/acme/infrastructure/pull/${pull?.number}`,
});

const change = (thing: object | undefined, to: object): Reply => (thing ? ok(Object.assign(thing, to)) : missing);

function tooLong(body: string | undefined): Reply | undefined {
  if ((body ?? '').length <= 65_536) return undefined;
  return { status: 422, body: { message: 'body is too long (maximum is 65536 characters)' } };
}
