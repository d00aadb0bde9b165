import { afterEach, beforeEach, expect, test } from 'vitest';
import { githubReporter } from '../../../../src/cli/github/report.ts';
import { type GitHub, github, stranger, token, workflow } from '../../../github.ts';

let hub: GitHub;

beforeEach(async () => {
  hub = await github();
});

afterEach(() => hub.close());

const reporter = (number?: number) => githubReporter(hub.environment(number));

test('a comment is written once, and edited from then on', async () => {
  await reporter(7).comment('preview preprod', 'first');
  await reporter(7).comment('preview prod', "another stack's");
  await reporter(7).comment('preview preprod', 'second');
  expect(hub.writes).toEqual(['POST issues/7/comments', 'POST issues/7/comments', 'PATCH issues/comments/1000']);
  expect(hub.state.comments.map(({ on, body }) => [on, body])).toEqual([
    [7, '<!-- berth: preview preprod -->\nsecond'],
    [7, "<!-- berth: preview prod -->\nanother stack's"],
  ]);
});

test('it is found among hundreds, and those of another pull request are left alone', async () => {
  const talk = (id: number) => ({ ...workflow, id, on: 7, body: 'talk' });
  hub.state.comments.push(...Array.from({ length: 230 }, (_, id) => talk(id)));
  hub.state.comments.push({ ...talk(500), body: '<!-- berth: preview prod -->\nold' });
  hub.state.comments.push({ ...talk(501), on: 8, body: '<!-- berth: preview prod -->\nof 8' });
  await reporter(7).comment('preview prod', 'new');
  expect(hub.writes).toEqual(['PATCH issues/comments/500']);
});

test("a stranger's comment with the same marker is not taken for ours", async () => {
  hub.state.comments.push({ ...stranger, id: 1, on: 7, body: '<!-- berth: preview prod -->\nall is well' });
  await reporter(7).comment('preview prod', 'true');
  expect(hub.writes).toEqual(['POST issues/7/comments']);
});

test('an issue is opened, edited, closed with a comment, and opened anew', async () => {
  hub.state.issues.push({ ...workflow, number: 1, title: '', body: '<!-- berth: drift prod -->', state: 'open' });
  Object.assign(hub.state.issues[0] ?? {}, { pull_request: {} });
  const { issue } = reporter();
  await issue('drift prod', 'prod differs', undefined);
  expect(hub.writes).toEqual([]);
  await issue('drift prod', 'prod differs', 'one thing');
  await issue('drift prod', 'prod differs', 'two things');
  await issue('drift prod', 'prod differs', undefined);
  await issue('drift prod', 'prod differs', undefined);
  expect(hub.writes.splice(0)).toEqual(['POST issues', 'PATCH issues/2', 'POST issues/2/comments', 'PATCH issues/2']);
  expect(hub.state.issues[1]).toMatchObject({ body: '<!-- berth: drift prod -->\ntwo things', state: 'closed' });
  await issue('drift prod', 'prod differs', 'again');
  expect(hub.writes).toEqual(['POST issues']);
});

test('what is longer than GitHub takes is trimmed', async () => {
  const long = '- a line of a list\n'.repeat(50_000);
  await reporter(7).comment('preview prod', long);
  await reporter().issue('drift prod', 'prod differs', long);
  await reporter().summary('é€'.repeat(400_000));
  const bodies = [hub.state.comments[0]?.body, hub.state.issues[0]?.body, hub.summary()];
  for (const body of bodies) expect(body).toContain('**Trimmed**');
  expect(Buffer.byteLength(hub.summary())).toBeLessThan(1024 * 1024);
});

test('the summary is added to', async () => {
  await reporter().summary('# one');
  await reporter().summary('# two');
  expect(hub.summary()).toBe('# one\n# two\n');
});

test('one message names all that is missing, before any work', () => {
  expect(() => githubReporter({ GITHUB_REPOSITORY: 'acme/infrastructure' }, ['summary', 'comment'])).toThrow(
    /^reporting to GitHub needs environment variables that are not set:\n {2}GITHUB_STEP_SUMMARY: .*\n {2}GITHUB_TOKEN: .*\n {2}GITHUB_EVENT_PATH: .*$/,
  );
  expect(() => githubReporter({ GITHUB_STEP_SUMMARY: 'a file' }, ['summary'])).not.toThrow();
});

test('a comment without a pull request says so', async () => {
  await expect(reporter().comment('preview prod', 'text')).rejects.toThrow('there is no pull request to comment on');
});

test('a refusal names what, why and the permission; never the token', async () => {
  hub.refuse(403);
  const said = await reporter(7)
    .comment('preview prod', 'text')
    .catch((error: Error) => error.message);
  expect(said).toBe(
    'GitHub refused to comment on pull request 7: 403 Resource not accessible by integration: the token needs the permission pull-requests: write',
  );
  expect(said).not.toContain(token);
});

test('a GitHub that does not answer is a message too', async () => {
  const environment = { ...hub.environment(7), GITHUB_API_URL: 'http://127.0.0.1:9' };
  await expect(githubReporter(environment).comment('preview prod', 'text')).rejects.toThrow(
    /^GitHub refused to comment on pull request 7: /,
  );
});
