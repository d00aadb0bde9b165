/** What GitHub knows of one repository, as its API tells it */
export interface State {
  comments: Comment[];
  issues: Issue[];
  pulls: Pull[];
  /** Branches by name → commit */
  branches: Record<string, string>;
  commits: Record<string, Commit>;
  /** Trees by name → path → text */
  trees: Record<string, Readonly<Record<string, string>>>;
}

export interface Written {
  body: string;
  user: { login: string; type: 'Bot' | 'User' };
  author_association: string;
}

export interface Comment extends Written {
  id: number;
  /** The issue or pull request that it is on */
  on: number;
}

export interface Issue extends Written {
  number: number;
  title: string;
  state: string;
  pull_request?: object;
}

export interface Pull {
  number: number;
  title: string;
  body: string;
  state: string;
  head: string;
  base: string;
}

export interface Commit {
  message: string;
  tree: string;
  parents: readonly string[];
}

/** A workflow's own token writes as this */
export const workflow = { user: { login: 'github-actions[bot]', type: 'Bot' }, author_association: 'NONE' } as const;

/** Somebody who has nothing to do with the repository */
export const stranger = { user: { login: 'stranger', type: 'User' }, author_association: 'NONE' } as const;

/** A repository with one commit on main */
export const fresh = (files: Readonly<Record<string, string>> = {}): State => ({
  comments: [],
  issues: [],
  pulls: [],
  branches: { main: 'commit-0' },
  commits: { 'commit-0': { message: 'the first', tree: 'tree-0', parents: [] } },
  trees: { 'tree-0': files },
});

/** The files of a branch */
export function filesOf(state: State, branch: string): Readonly<Record<string, string>> {
  const commit = state.commits[state.branches[branch] ?? branch];
  return state.trees[commit?.tree ?? ''] ?? {};
}
