import { expect, test } from 'vitest';
import { planMarkdown } from '../../../../src/cli/preview/markdown.ts';
import { eventsOf, planOf, previewFailure } from '../../../../src/cli/preview/plan.ts';
import { configSecrets, environmentSecrets } from '../../../../src/cli/preview/scrub.ts';
import { scrubbed } from '../../../../src/process/scrubbed.ts';

const urn = (name: string) => `urn:pulumi:prod::berth::openstack:compute/instance:Instance::${name}`;
const step = (op: string, name: string, more: object = {}) => ({
  resourcePreEvent: { metadata: { op, urn: urn(name), type: 'openstack:compute/instance:Instance', ...more } },
});
const said = (severity: string, message: string, name?: string) => ({
  diagnosticEvent: { severity, message, ...(name && { urn: urn(name) }) },
});
const planFrom = (...events: object[]) => planOf(eventsOf(events.map((event) => JSON.stringify(event)).join('\n')));

const imageChange = { detailedDiff: { imageId: { diffKind: 'update-replace' }, tags: { diffKind: 'update' } } };
const whole = planFrom(
  { preludeEvent: { config: {} } },
  step('same', 'network'),
  step('refresh', 'web-0'),
  step('create', 'api-0'),
  step('update', 'port', { detailedDiff: { tags: { diffKind: 'update' } }, diffs: ['tags'] }),
  step('create-replacement', 'web-0', imageChange),
  step('replace', 'web-0', imageChange),
  step('delete-replaced', 'web-0', imageChange),
  step('delete', 'old', { detailedDiff: null }),
  step('read', 'found'),
  step('update', 'default_3_15_2', { type: 'pulumi:providers:openstack' }),
  said('debug', 'a response with the-api-token'),
  said('info', 'the-api-token too'),
  said('warning', 'is deprecated\n', 'port'),
);

test('each resource counts once, whatever steps it takes; what loses something comes first', () => {
  expect(whole.steps.map(({ operation, name, properties }) => [operation, name, properties])).toEqual([
    ['replace', 'web-0', ['imageId']],
    ['delete', 'old', []],
    ['create', 'api-0', []],
    ['update', 'port', ['tags']],
  ]);
  expect(whole.unchanged).toBe(1);
});

test('a reviewer sees counts, then what is replaced and deleted, the diff last', () => {
  const type = '`openstack:compute/instance:Instance`';
  expect(planMarkdown({ title: '`prod`', plan: whole, diff: '~ imageId: "a" => "b"\n' })).toBe(
    `## \`prod\`: 1 to replace, 1 to delete, 1 to create, 1 to update

1 unchanged.

**Warning** of \`port\`

\`\`\`text
is deprecated
\`\`\`

**Replaced: deleted and created again**

- \`web-0\` (${type}): \`imageId\`

**Deleted**

- \`old\` (${type})

**Changed in place**

- \`port\` (${type}): \`tags\`

<details>
<summary>The diff</summary>

\`\`\`diff
~ imageId: "a" => "b"
\`\`\`

</details>
`,
  );
});

test('nothing that changes is said in one line', () => {
  const plan = planFrom(step('same', 'a'), step('same', 'b'));
  expect(planMarkdown({ title: '`prod`', plan, diff: 'x' })).toBe('## `prod`: nothing changes\n\n2 unchanged.\n');
});

test("what the engine says to itself, secrets in clear among it, is nobody's to read", () => {
  expect(JSON.stringify(whole)).not.toContain('the-api-token');
});

test('a log that was cut off in the middle is read as far as it goes', () => {
  expect(planOf(eventsOf(`${JSON.stringify(step('create', 'a'))}\n{"resourcePre`)).steps).toHaveLength(1);
});

test.each([
  ['well', 0, '', planFrom(step('create', 'a')), undefined],
  ['changes where none were expected', 7, 'error: no changes were expected for preview', whole, undefined],
  ['an engine that could not begin', 255, "error: no stack named 'prod' found\n", planFrom(), "no stack named 'prod'"],
  ['an end without a word', 137, '', planFrom(), 'the engine ended with code 137'],
  ['half a plan', 1, 'error: lost the connection', planFrom(step('create', 'a')), 'lost the connection'],
  ['a program that failed', 1, 'error: it', planFrom(said('error', 'no such image', 'web-0')), 'error: it'],
])('whether it failed: %s', (_, code, words, plan, failure) => {
  const found = previewFailure({ code, said: words }, plan);
  if (failure === undefined) expect(found).toBeUndefined();
  else {
    expect(found).toContain(failure);
    const markdown = planMarkdown({ title: '`prod`', plan, diff: '', failure: found ?? '' });
    expect(markdown).toMatch(/^## `prod`: the preview failed\n/);
    expect(markdown).toContain(plan.problems[0]?.message ?? failure);
  }
});

test("the stack's secrets and the environment's are scrubbed, line by line, and no plain words", () => {
  const key = '-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END KEY-----\n';
  const secrets = [
    ...configSecrets({
      'berth:secrets': { value: '{}', objectValue: { deployKey: key, 'mad/databasePassword': 'Hunt"er2-a\\b' } },
      'aws:secretKey': { value: 'AKIA-secret-key', secret: true },
      'aws:region': { value: 'eu-west-2', secret: false },
    }),
    ...environmentSecrets({
      OS_PASSWORD: 'the-os-password',
      GITHUB_TOKEN: 'ghs_token',
      PULUMI_SECRETS_PROVIDER: 'passphrase',
      SHORT_KEY: 'update',
    }),
  ];
  const text = `eu-west-2 update passphrase
      b3BlbnNzaC1rZXktdjEAAAAA\\n "Hunt\\"er2-a\\\\b" AKIA-secret-key the-os-password ghs_token`;
  expect(scrubbed(text, secrets)).toBe(`eu-west-2 update passphrase
      [secret]\\n "[secret]" [secret] [secret] [secret]`);
});
