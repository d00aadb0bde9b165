import { expect, test } from 'vitest';
import { differs, driftMarkdown } from '../../../../src/cli/drift/report.ts';
import type { Plan } from '../../../../src/cli/preview/plan.ts';
import type { HostDifference } from '../../../../src/cli/status/check.ts';

const same: Plan = { steps: [], unchanged: 22, problems: [] };
const changed: Plan = { ...same, steps: [{ operation: 'create', name: 'bucket', type: 'aws:s3', properties: [] }] };
const file: HostDifference = {
  ...{ system: 'basegun', machine: 'basegun-web-0', kind: 'file' },
  ...{ what: '/etc/nginx/nginx.conf', difference: 'has different content' },
};
const unreachable: HostDifference = {
  ...file,
  machine: 'api-0',
  kind: 'unreachable',
  what: 'x',
  difference: '`refused`',
};

test.each([
  ['nothing', { plan: same }, undefined, false],
  ['neither cloud nor machines', { plan: same }, [], false],
  ['the cloud', { plan: changed }, [], true],
  ['a machine', { plan: same }, [file], true],
  ['a cloud that could not be asked', { plan: changed, failure: 'no login' }, [], false],
  ['a machine of a cloud that could not be asked', { plan: same, failure: 'no login' }, [file], true],
])('what differs: %s', (_, cloud, hosts, expected) => {
  expect(differs({ stack: 'prod', cloud: { diff: '', ...cloud }, ...(hosts && { hosts }) })).toBe(expected);
});

test('the machines come first, each with its differences; then the cloud', () => {
  const cloud = { plan: changed, diff: '+ aws:s3\n' };
  const markdown = driftMarkdown({ stack: 'prod', cloud, hosts: [file, unreachable, { ...file, kind: 'mode' }] });
  expect(markdown).toBe(`## The machines of \`prod\`: 3 differences

\`basegun-web-0\`

\`\`\`text
file /etc/nginx/nginx.conf has different content
mode /etc/nginx/nginx.conf has different content
\`\`\`

\`api-0\`

\`\`\`text
unreachable x \`refused\`
\`\`\`

## Changes that would bring the cloud of \`prod\` to its declared state: 1 to create

22 unchanged.

<details>
<summary>The diff</summary>

\`\`\`diff
+ aws:s3
\`\`\`

</details>
`);
});

test('it says when no machine was asked', () => {
  expect(driftMarkdown({ stack: 'prod', cloud: { plan: same, diff: '' } })).toMatch(/^No machine was checked\.\n\n## /);
});

test('a machine that its schedule has off is told, and differs in nothing', () => {
  const found = {
    ...{ stack: 'prod', cloud: { plan: same, diff: '' }, hosts: [] },
    off: { 'api-0': 'off until mon 2026-11-30 09:00 (Europe/Paris)' },
  };
  expect(differs(found)).toBe(false);
  expect(driftMarkdown(found)).toContain(
    '`api-0` was not checked: it is off until mon 2026-11-30 09:00 (Europe/Paris).\n',
  );
});
