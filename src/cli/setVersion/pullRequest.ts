import { answered, type GitHubRepository } from '../github/api.ts';

/** A change of one file for review */
export interface Proposal {
  path: string;
  /** A branch for this change only, recreated from the default branch each time */
  branch: string;
  title: string;
  body: string;
  /** Returns the new text; undefined for no change */
  change(text: string): string | undefined;
}

/**
 * Commits a change on its branch and opens or updates the branch's pull request. The change applies to the file on the
 * default branch, not to the one on this computer.
 * @returns the pull request's URL; undefined where nothing changes
 */
export async function proposed(repository: GitHubRepository, proposal: Proposal): Promise<string | undefined> {
  const { octokit, owner, repo } = repository;
  const { path, title } = proposal;
  const place = { owner, repo };
  const read = <T>(what: string, answer: Promise<T>) => answered(what, 'contents: read', answer);
  const { data: about } = await read('return the default branch', octokit.rest.repos.get(place));
  const base = about.default_branch;
  const { data: tip } = await read(`read ${base}`, octokit.rest.git.getRef({ ...place, ref: `heads/${base}` }));
  const parent = tip.object.sha;
  const { data: file } = await read(
    `read ${path} of ${base}`,
    octokit.rest.repos.getContent({ ...place, path, ref: parent }),
  );
  if (Array.isArray(file) || file.type !== 'file') throw new Error(`${path} of ${owner}/${repo} is not a file`);
  const content = proposal.change(Buffer.from(file.content, 'base64').toString('utf8'));
  if (content === undefined) return undefined;
  await commit(repository, { ...proposal, parent, content });
  return pullRequest(repository, base, { ...proposal, title });
}

/** Moves the branch in one step: a branch that pointed at its base for a moment would close its pull request */
async function commit(
  { octokit, owner, repo }: GitHubRepository,
  { path, branch, title, parent, content }: Proposal & { parent: string; content: string },
): Promise<void> {
  const place = { owner, repo };
  const write = <T>(what: string, answer: Promise<T>) => answered(what, 'contents: write', answer);
  const { data: former } = await write(
    'read the last commit',
    octokit.rest.git.getCommit({ ...place, commit_sha: parent }),
  );
  const tree = [{ path, mode: '100644' as const, type: 'blob' as const, content }];
  const { data: made } = await write(
    'accept the file',
    octokit.rest.git.createTree({ ...place, base_tree: former.tree.sha, tree }),
  );
  const { data: next } = await write(
    'create a commit',
    octokit.rest.git.createCommit({ ...place, message: title, tree: made.sha, parents: [parent] }),
  );
  const { data: existing } = await write(
    'list branches',
    octokit.rest.git.listMatchingRefs({ ...place, ref: `heads/${branch}` }),
  );
  const ref = `refs/heads/${branch}`;
  const moved: Promise<unknown> = existing.some((one) => one.ref === ref)
    ? octokit.rest.git.updateRef({ ...place, ref: `heads/${branch}`, sha: next.sha, force: true })
    : octokit.rest.git.createRef({ ...place, ref, sha: next.sha });
  await write(`create the branch ${branch}`, moved);
}

async function pullRequest(
  { octokit, owner, repo }: GitHubRepository,
  base: string,
  { branch, title, body }: Proposal,
): Promise<string> {
  const place = { owner, repo };
  const write = <T>(what: string, answer: Promise<T>) => answered(what, 'pull-requests: write', answer);
  const list = octokit.rest.pulls.list({ ...place, state: 'open', head: `${owner}:${branch}`, base });
  const [open] = (await write('list pull requests', list)).data;
  const { data } = open
    ? await write(
        `edit pull request ${open.number}`,
        octokit.rest.pulls.update({ ...place, pull_number: open.number, title, body }),
      )
    : await write('open a pull request', octokit.rest.pulls.create({ ...place, base, head: branch, title, body }));
  return data.html_url;
}
