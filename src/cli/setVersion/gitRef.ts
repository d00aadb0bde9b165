import { systems } from 'berth:systems';
import { clouds } from '../../clouds/registry.ts';
import { environmentInput } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';
import { captured } from '../../process/captured.ts';
import { unknownName } from '../unknownName.ts';

/** A resolved git ref */
export interface Resolved {
  /** Full hash, 40 digits */
  commit: string;
  /**
   * Description for people with kind, repository and time, such as `branch main of https://…, asked 2026-11-27 10:00
   * UTC`
   */
  origin: string;
}

/**
 * Returns the git repository that a system is built from
 * @param text the environment file
 * @throws ConfigError for an invalid file, and Error for a system that runs from images
 */
export function repositoryOfSystem(text: string, source: string, stack: string, system: string): string {
  const { environment, blueprints } = loadEnvironment(environmentInput(text, source, stack), systems, clouds, {
    secrets: 'names',
  });
  const blueprint = blueprints.find((one) => one.system === system);
  if (!blueprint) throw unknownName(source, 'system', system, Object.keys(environment.systems));
  const services = Object.values(blueprint.roles).flatMap((role) => role.services);
  const process = services.find((service) => service.kind === 'process');
  if (process) return process.source.repository;
  throw new Error(`${system} runs from images, not from a git repository, so --ref does not apply: give a version`);
}

/**
 * Returns the commit that a branch or tag of a repository names now
 * @param now current time, for the description
 * @throws when git is missing, the repository does not answer within 30 s, it has no such name, or a branch and a tag
 * of that name differ
 */
export async function resolveRef(repository: string, ref: string, now: Date): Promise<Resolved> {
  const found = await remoteRefs(repository);
  const branch = found.get(`refs/heads/${ref}`);
  // An annotated tag is an object of its own; `^{}` is its commit
  const tag = found.get(`refs/tags/${ref}^{}`) ?? found.get(`refs/tags/${ref}`);
  if (branch !== undefined && tag !== undefined && branch !== tag) {
    throw new Error(
      `"${ref}" is a branch (${branch}) and a tag (${tag}) of ${repository}: give the commit instead of --ref`,
    );
  }
  const commit = branch ?? tag;
  if (commit === undefined) throw new Error(`${repository} has no branch and no tag "${ref}": ${known(found)}`);
  const kind = branch === undefined ? 'tag' : 'branch';
  const asked = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { commit, origin: `${kind} ${ref} of ${repository}, asked ${asked}` };
}

/** Returns the commits of all branches and tags by full ref name */
async function remoteRefs(repository: string): Promise<ReadonlyMap<string, string>> {
  const args = ['ls-remote', '--heads', '--tags', '--', repository];
  // A repository that asks for a password is refused, because machines fetch without one
  const env = {
    ...process.env,
    GIT_TERMINAL_PROMPT: '0',
    GIT_HTTP_LOW_SPEED_LIMIT: '1',
    GIT_HTTP_LOW_SPEED_TIME: '30',
  };
  const ended = await captured('git', args, { cwd: process.cwd(), env }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error('git is not installed, and it is needed to query the repository: install it')
      : error;
  });
  if (ended.code !== 0) {
    const said = ended.stderr.trim().split('\n').at(0) || `git ended with code ${ended.code}`;
    throw new Error(`${repository} did not list its branches: ${said}`);
  }
  const lines = ended.stdout.split('\n').map((line) => line.split('\t'));
  return new Map(lines.flatMap(([commit = '', name]) => (name === undefined ? [] : [[name, commit] as const])));
}

/** Lists up to ten branches, for a misspelt name */
function known(found: ReadonlyMap<string, string>): string {
  const prefix = 'refs/heads/';
  const branches = [...found.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  if (branches.length === 0) return 'it has no branches';
  return `its branches are ${branches.slice(0, 10).join(', ')}${branches.length > 10 ? ' and others' : ''}`;
}
