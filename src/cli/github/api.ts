import type { Octokit } from '@octokit/rest';
import { variables } from './variables.ts';

/** A repository, and how to speak to its API */
export interface Repository {
  octokit: Octokit;
  owner: string;
  repo: string;
}

/** No answer within this time is a failure */
const timeoutSeconds = 30;

/**
 * The repository of GITHUB_REPOSITORY, at GITHUB_API_URL (GitHub's own unless it is set).
 * @throws when a variable is missing, or the name isn't one of a repository
 */
export async function repositoryOf(environment: NodeJS.ProcessEnv): Promise<Repository> {
  const { GITHUB_TOKEN: auth, GITHUB_REPOSITORY: name } = variables(environment, ['GITHUB_TOKEN', 'GITHUB_REPOSITORY']);
  const [owner, repo, ...more] = name.split('/');
  if (!owner || !repo || more.length > 0) {
    throw new Error(`"${name}" is no repository: write its owner and name, such as acme/infrastructure`);
  }
  const { Octokit } = await import('@octokit/rest');
  const baseUrl = environment.GITHUB_API_URL || 'https://api.github.com';
  const patient = (url: string, options: RequestInit) =>
    fetch(url, { ...options, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
  // What fails is told once, by who asked
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return { octokit: new Octokit({ auth, baseUrl, userAgent: 'berth', log, request: { fetch: patient } }), owner, repo };
}

/**
 * What GitHub answers.
 * @param what for the message, such as `comment on pull request 7`
 * @param permission that the token needs for it, as a workflow's `permissions:` names it
 * @throws with what could not be done, GitHub's words, and the permission where it refused
 */
export async function asked<T>(what: string, permission: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const status = statusOf(error);
    const words = (error instanceof Error ? error.message : String(error)).replace(/ - https?:\S+$/, '');
    const refused = status === 403 || status === 404;
    const fix = refused ? `: the token needs the permission ${permission}` : '';
    throw new Error(`GitHub did not ${what}: ${status === undefined ? '' : `${status} `}${words}${fix}`);
  }
}

/** Of an answer that GitHub gave; a connection that failed has none */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error) || !error.response) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

const quiet = (): void => undefined;
