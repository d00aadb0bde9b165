import { appendFileSync, readFileSync } from 'node:fs';
import { Option } from 'commander';
import { answered, type GitHubRepository, githubRepository } from './api.ts';
import { isMarked, marked } from './marker.ts';
import { bodyLimit, summaryLimit, trimmed } from './trimmed.ts';
import { variables, type WorkflowVariable } from './variables.ts';

/** Where a command publishes its result as Markdown */
export interface Reporter {
  /** Appends to the summary of the run */
  summary(markdown: string): Promise<void>;
  /** Creates or edits the comment with this marker on the pull request */
  comment(marker: string, markdown: string): Promise<void>;
  /** Opens or edits the issue with this marker; without a text, closes an open one with a comment */
  issue(marker: string, title: string, markdown: string | undefined): Promise<void>;
}

/** The option `--report github` */
export const reportOption = (): Option =>
  new Option('--report <where>', 'write the report to GitHub too, from a workflow').choices(['github']);

/**
 * Returns a reporter to GitHub from a workflow, with GITHUB_API_URL, GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_PATH
 * and GITHUB_STEP_SUMMARY; each method needs only some of them
 * @param uses methods that will be called, so that missing variables are reported before the work
 * @throws one message that names all the variables that are missing
 */
export function githubReporter(
  environment: NodeJS.ProcessEnv = process.env,
  uses: readonly (keyof Reporter)[] = [],
): Reporter {
  variables(environment, [...new Set(uses.flatMap((use) => needs[use]))]);
  return {
    async summary(markdown) {
      const { GITHUB_STEP_SUMMARY: file } = variables(environment, needs.summary);
      appendFileSync(file, `${trimmed(markdown, summaryLimit - 1)}\n`);
    },
    async comment(marker, markdown) {
      const { GITHUB_EVENT_PATH: event } = variables(environment, needs.comment);
      const repository = await githubRepository(environment);
      await writeComment(repository, pullRequestOf(event), marker, trimmed(marked(marker, markdown), bodyLimit));
    },
    async issue(marker, title, markdown) {
      variables(environment, needs.issue);
      const repository = await githubRepository(environment);
      const body = markdown === undefined ? undefined : trimmed(marked(marker, markdown), bodyLimit);
      await writeIssue(repository, marker, title, body);
    },
  };
}

/**
 * Returns the reporters of a command: the terminal, and GitHub where asked for
 * @throws as `githubReporter` does
 */
export const reporters = (where: 'github' | undefined, uses: readonly (keyof Reporter)[]): readonly Reporter[] => [
  terminalReporter(),
  ...(where === 'github' ? [githubReporter(process.env, uses)] : []),
];

/** Prints each text once */
export function terminalReporter(): Reporter {
  const printed = new Set<string>();
  const print = async (markdown: string | undefined): Promise<void> => {
    if (markdown === undefined || printed.has(markdown)) return;
    printed.add(markdown);
    process.stdout.write(markdown.endsWith('\n') ? markdown : `${markdown}\n`);
  };
  return {
    summary: print,
    comment: (_, markdown) => print(markdown),
    issue: (_marker, _title, markdown) => print(markdown),
  };
}

const needs = {
  summary: ['GITHUB_STEP_SUMMARY'],
  comment: ['GITHUB_TOKEN', 'GITHUB_REPOSITORY', 'GITHUB_EVENT_PATH'],
  issue: ['GITHUB_TOKEN', 'GITHUB_REPOSITORY'],
} as const satisfies Record<keyof Reporter, readonly WorkflowVariable[]>;

/** Returns the number of the pull request that started the workflow */
function pullRequestOf(file: string): number {
  const event: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const request = typeof event === 'object' && event !== null && 'pull_request' in event ? event.pull_request : null;
  const number = typeof request === 'object' && request !== null && 'number' in request ? request.number : undefined;
  if (typeof number === 'number') return number;
  throw new Error('there is no pull request to comment on: the workflow was not started by a pull_request event');
}

async function writeComment({ octokit, owner, repo }: GitHubRepository, number: number, marker: string, body: string) {
  const permission = 'pull-requests: write';
  const what = `comment on pull request ${number}`;
  const place = { owner, repo, issue_number: number };
  const all = octokit.paginate(octokit.rest.issues.listComments, { ...place, per_page: 100 });
  const former = (await answered(what, permission, all)).find((comment) => isMarked(marker, comment));
  const written: Promise<unknown> = former
    ? octokit.rest.issues.updateComment({ owner, repo, comment_id: former.id, body })
    : octokit.rest.issues.createComment({ ...place, body });
  await answered(what, permission, written);
}

async function writeIssue(
  { octokit, owner, repo }: GitHubRepository,
  marker: string,
  title: string,
  body: string | undefined,
): Promise<void> {
  const permission = 'issues: write';
  const all = octokit.paginate(octokit.rest.issues.listForRepo, { owner, repo, state: 'open', per_page: 100 });
  const open = (await answered('list the open issues', permission, all)).find(
    (issue) => issue.pull_request === undefined && isMarked(marker, issue),
  );
  const write = (what: string, answer: Promise<unknown>) => answered(what, permission, answer);
  if (!open) {
    if (body !== undefined) await write('open an issue', octokit.rest.issues.create({ owner, repo, title, body }));
    return;
  }
  const place = { owner, repo, issue_number: open.number };
  if (body !== undefined) {
    await write(`edit issue ${open.number}`, octokit.rest.issues.update({ ...place, title, body }));
    return;
  }
  const told = octokit.rest.issues.createComment({ ...place, body: 'The drift is gone.' });
  await write(`comment on issue ${open.number}`, told);
  const closed = octokit.rest.issues.update({ ...place, state: 'closed', state_reason: 'completed' });
  await write(`close issue ${open.number}`, closed);
}
