import { expect, test } from 'vitest';
import { berthOn } from '../berth.ts';
import { drift, traces } from '../drift.ts';
import { hostState } from '../inspect.ts';
import { inMachine, secretsOf, type TestStack } from '../stack.ts';

/** `berth diff` before and after a deployment */
export function diffs(scene: () => TestStack): void {
  const diff = (...words: string[]) => berthOn(scene(), ['diff', scene().place.stack, ...words]);

  test('before a new version it prints the changes of the machine with reasons, without secrets, and changes nothing there', async () => {
    await scene().configure({ version: '3.3.1' });
    expect(await drift(scene())).toEqual([]);
    const before = [await traces(scene()), await hostState(scene())];
    const { code, stdout, stderr } = await diff('--exit-code');
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: expect.stringMatching(expectedSteps) });
    expect([await traces(scene()), await hostState(scene())]).toEqual(before);
    expect(await inMachine(scene(), 'ls -d /var/lib/berth.* 2>/dev/null || echo none')).toBe('none\n');
    const secrets = (await secretsOf(scene())).flatMap((secret) => secret.split('\n'));
    for (const secret of secrets.filter((line) => line.length >= 16)) expect(stdout + stderr).not.toContain(secret);
  });

  test('an unreachable machine is reported, and the command fails', async () => {
    await inMachine(scene(), 'systemctl stop ssh.socket ssh.service');
    try {
      const { code, stdout, stderr } = await diff();
      expect({ code, stdout }).toEqual({
        code: 1,
        stdout: expect.stringMatching(/\n {2}basegun-web-0: .+ login failed: .+\n$/),
      });
      expect(stderr).toContain('1 of 1 machines could not be reached');
    } finally {
      await inMachine(scene(), 'systemctl start ssh.service');
    }
  });

  test('after the deployment it prints that there is nothing to do', async () => {
    const up = await scene().up();
    expect(up.code, up.output).toBe(0);
    expect(await diff('--exit-code')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nbasegun\n {2}basegun-web-0: nothing to do\n$/),
    });
  });
}

const image = (name: string) => `image \\S+basegun-${name}\\S+ → \\S+basegun-${name}\\S+`;

/** Expected steps, in the order of a release; only two services change */
const expectedSteps = new RegExp(
  [
    // The output of the local set-up comes before
    '\nbasegun',
    '  basegun-web-0, 3\\.3\\.0 → 3\\.3\\.1:',
    "    keep the release's folder: .+",
    '    make room; memory needed in MB: \\d+: .+',
    '(    .+\n)*?    pull \\S+backend\\S+, \\S+frontend\\S+: they are missing on the machine',
    '    write files of services .+',
    '    check compose files .+',
    `    start backend (blue|green): its definition changes, \\S+ → \\S+: (\\w+, )*${image('backend')}`,
    `    start frontend (blue|green): its definition changes, \\S+ → \\S+: (\\w+, )*${image('frontend')}`,
    '    switch to generation \\d+, .+',
    '(    .+\n)*    stop frontend .+: it no longer serves',
    '    stop backend .+: it no longer serves',
    '    record the release as the current one, and prune.*',
    '$',
  ].join('\n'),
);
