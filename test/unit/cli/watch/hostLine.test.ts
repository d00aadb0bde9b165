import { expect, test } from 'vitest';
import { hostLine } from '../../../../src/cli/watch/hostLine.ts';
import { reasonOf } from '../../../../src/cli/watch/reason.ts';

test.each([
  ['steps: packages, service files, drain', { kind: 'steps', steps: ['packages', 'service files', 'drain'] }],
  ["services' configuration  3.4 s", { kind: 'ended', step: "services' configuration", seconds: 3.4 }],
  ['images                   18.7 s', { kind: 'ended', step: 'images', seconds: 18.7 }],
  [
    'images: 1 of 3, docker.io/library/redis:7',
    { kind: 'part', step: 'images', done: 1, of: 3, unit: 'parts', text: 'docker.io/library/redis:7' },
  ],
  ['drain: 0 of 30 s', { kind: 'part', step: 'drain', done: 0, of: 30, unit: 'seconds', text: '' }],
  ['still at work after 15 s: images', { kind: 'alive', seconds: 15 }],
])('what a release says of its steps is understood: %s', (line, read) => {
  expect(hostLine(line)).toEqual(read);
});

test.each(['waited 3 s', 'error: image x can’t be pulled: no such host', 'drain: 0 of 0 s', '', '  1.2 s'])(
  'any other line stays what it is: %j',
  (text) => {
    expect(hostLine(text)).toEqual({ kind: 'said', text });
  },
);

test('a failure is told by its reason, without the command that is the same everywhere and without what went well', () => {
  const engines =
    'Process exited with status 1: running "sudo -n bash -c \\"set -eu; echo \\\\\\"a\\\\\\" >&2\\"":\n' +
    'steps: packages, images\npackages                 0.3 s\nimages: 0 of 2, a.test/app:1\nstill at work after 15 s: images\n' +
    'error: image a.test/app:1 can’t be pulled: denied\n';
  expect(reasonOf(engines)).toBe('Process exited with status 1:\nerror: image a.test/app:1 can’t be pulled: denied');
});
