import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout } from '../../src/paths.ts';
import { berthOn } from './berth.ts';
import { type Client, client, eventually } from './client.ts';
import { drift } from './drift.ts';
import { formerProgram } from './former/program.ts';
import { load } from './load.ts';
import { writeProject } from './project.ts';
import { inMachine, type TestStack, testStack } from './stack.ts';

// A machine that was released by the last version before the Python release engine, and then by this version

/** Whether the clone lacks the git history, from which the former engine is taken */
const isShallow =
  execFileSync('git', ['-C', checkout, 'rev-parse', '--is-shallow-repository'], { encoding: 'utf8' }).trim() === 'true';

describe.skipIf(isShallow)('a machine of the former release engine', () => {
  let stack: TestStack;
  let site: Client;

  beforeAll(async () => {
    stack = await testStack({}, {}, 'a project of its own');
    await writeProject(stack.place.project, await formerProgram(stack.place.folder));
    const first = await stack.up();
    expect(first.code, first.output).toBe(0);
    await writeProject(stack.place.project);
    site = await client(stack, (await stack.outputs()).machines['basegun-web-0']?.publicAddress ?? '');
    await answering('3.3.0');
  });

  afterAll(async () => {
    site?.close();
    await stack?.remove();
  });

  const answering = (version: string) =>
    eventually(
      60,
      () => site.getAnew('/api/version'),
      (answer) => answer.status === 200 && answer.body === version,
    );

  /** The machine's containers but for the frontend, whose nginx.conf is another one since */
  const containers = () =>
    inMachine(stack, "docker ps --no-trunc --format '{{.ID}} {{.Names}}' | grep -v frontend | sort");

  async function upUnderLoad() {
    const traffic = load(site, 50);
    const up = await stack.up();
    const { failures, requests, versions } = await traffic.stop();
    expect(up.code, up.output).toBe(0);
    return { failures, requests: requests > 100, versions, output: up.output };
  }

  test('the same version is taken over without a failed request, and only the container whose files changed is replaced', async () => {
    expect(await inMachine(stack, 'ls /var/lib/berth/basegun/current/')).toContain('release.env');
    const before = await containers();
    expect(before.split('\n').length).toBeGreaterThan(2);
    const { code, stdout, stderr } = await berthOn(stack, ['diff', stack.place.stack]);
    expect({ code }, stderr).toEqual({ code: 0 });
    expect(stdout).toMatch(/\nbasegun\n {2}basegun-web-0, 3\.3\.0:\n/);
    expect(stdout.match(/^ {4}(start|replace|stop|remove) .*/gm)).toEqual([
      expect.stringMatching(/^ {4}start frontend green: its definition changes, .*: in files that it reads$/),
      '    stop frontend blue: it no longer serves',
    ]);
    expect(await upUnderLoad()).toMatchObject({ failures: [], requests: true, versions: ['3.3.0'] });
    expect(await containers()).toBe(before);
    expect(await drift(stack)).toEqual([]);
  });

  test('a newer version replaces the containers of the former engine without a failed request, and a rollback to them is possible', async () => {
    await stack.configure({ version: '3.3.1' });
    const { output, ...seen } = await upUnderLoad();
    expect(seen).toEqual({ failures: [], requests: true, versions: ['3.3.0', '3.3.1'] });
    expect(output).toContain('the former release, 3.3.0, is kept for a rollback');
    expect(await drift(stack)).toEqual([]);
  });
});
