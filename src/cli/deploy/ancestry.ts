import { captured } from '../../process/captured.ts';
import type { Relation } from './order.ts';

/** Queries git in the checkout that is deployed */
export interface Ancestry {
  /** Relation of the current commit to another one, which is fetched if the clone lacks it */
  relation(commit: string): Promise<Relation>;
  /** Describes a commit for people: the start of its hash, and a tag where it has one */
  named(commit: string): Promise<string>;
  /** Describes the current commit; undefined outside a checkout */
  here(): Promise<string | undefined>;
}

/**
 * Returns the queries for a checkout
 * @param folder any folder within the checkout
 */
export function ancestryOf(folder: string, environment: NodeJS.ProcessEnv): Ancestry {
  const env = { ...environment, ...fetching(environment) };
  const git = (...args: string[]) => captured('git', args, { cwd: folder, env }).catch(missing);
  const head = async () => first(await git('rev-parse', '--verify', '--quiet', 'HEAD'));
  const has = async (commit: string) => (await git('cat-file', '-e', `${commit}^{commit}`)).code === 0;
  const isIn = async (commit: string, later: string) =>
    (await git('merge-base', '--is-ancestor', commit, later)).code === 0;
  const named = async (commit: string) => {
    const tag = first(await git('tag', '--points-at', commit));
    return tag === undefined ? commit.slice(0, 12) : `${tag} (${commit.slice(0, 12)})`;
  };
  return {
    named,
    async here() {
      const commit = await head();
      return commit === undefined ? undefined : named(commit);
    },
    async relation(commit) {
      const here = await head();
      if (here === undefined) return { unknown: 'this folder is not in a git repository' };
      if (here === commit) return 'same';
      if (first(await git('rev-parse', '--is-shallow-repository')) === 'true') {
        return { unknown: 'this clone is shallow: run git fetch --unshallow, or set fetch-depth: 0 in the workflow' };
      }
      if (!(await has(commit))) {
        const { code, stderr } = await git('fetch', '--quiet', '--no-tags', 'origin', commit);
        const why = stderr.trim().split('\n').at(-1);
        if (code !== 0) return { unknown: `this clone lacks that commit, and origin does not provide it (${why})` };
      }
      if (await isIn(here, commit)) return 'older';
      return (await isIn(commit, here)) ? 'newer' : 'apart';
    },
  };
}

const first = ({ code, stdout }: { code: number | null; stdout: string }): string | undefined =>
  (code === 0 && stdout.trim().split('\n')[0]) || undefined;

const missing = (error: NodeJS.ErrnoException): never => {
  throw error.code === 'ENOENT'
    ? new Error('git is not installed, and it is needed to compare commits: install it')
    : error;
};

/**
 * Returns variables with which git fetches without prompting. A workflow's checkout keeps no token: it is passed in the
 * environment of this git only, since arguments are visible to others.
 */
export function fetching({
  GITHUB_SERVER_URL: server,
  GITHUB_TOKEN: token,
  GIT_SSH_COMMAND: ssh = 'ssh -o BatchMode=yes -o ConnectTimeout=30',
}: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const patience = { GIT_TERMINAL_PROMPT: '0', GIT_HTTP_LOW_SPEED_LIMIT: '1', GIT_HTTP_LOW_SPEED_TIME: '30' };
  const login = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...patience,
    GIT_SSH_COMMAND: ssh,
    ...(server &&
      token && {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `http.${server}/.extraheader`,
        GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${login}`,
      }),
  };
}
