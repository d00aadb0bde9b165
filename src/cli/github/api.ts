import type { Octokit } from '@octokit/rest';
import { variables } from './variables.ts';

/** A repository and its API client */
export interface GitHubRepository {
  octokit: Octokit;
  owner: string;
  repo: string;
}

/** Time limit of a request */
const timeoutSeconds = 30;

/**
 * Returns the repository of GITHUB_REPOSITORY, at GITHUB_API_URL (GitHub's own unless it is set)
 * @throws when a variable is missing, or the name is not that of a repository
 */
export async function githubRepository(environment: NodeJS.ProcessEnv): Promise<GitHubRepository> {
  const { GITHUB_TOKEN: auth, GITHUB_REPOSITORY: name } = variables(environment, ['GITHUB_TOKEN', 'GITHUB_REPOSITORY']);
  const [owner, repo, ...more] = name.split('/');
  if (!owner || !repo || more.length > 0) {
    throw new Error(`"${name}" is not a repository: write owner/name, such as acme/infrastructure`);
  }
  const { Octokit } = await import('@octokit/rest');
  const baseUrl = environment.GITHUB_API_URL || 'https://api.github.com';
  const patient = (url: string, options: RequestInit) =>
    fetch(url, { ...options, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
  // Callers report errors, so the client logs nothing
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return { octokit: new Octokit({ auth, baseUrl, userAgent: 'berth', log, request: { fetch: patient } }), owner, repo };
}

/**
 * Returns GitHub's answer to a request
 * @param what describes the request in messages, such as `comment on pull request 7`
 * @param permission that the token needs for it, as a workflow's `permissions:` names it
 * @throws with the failed request, GitHub's message, and the permission where it refused
 */
export async function answered<T>(what: string, permission: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const status = statusOf(error);
    const words = (error instanceof Error ? error.message : String(error)).replace(/ - https?:\S+$/, '');
    const refused = status === 403 || status === 404;
    const fix = refused ? `: the token needs the permission ${permission}` : '';
    throw new Error(`GitHub refused to ${what}: ${status === undefined ? '' : `${status} `}${words}${fix}`);
  }
}

/** Returns the HTTP status of an error; undefined for a failed connection */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error) || !error.response) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

const quiet = (): void => undefined;
