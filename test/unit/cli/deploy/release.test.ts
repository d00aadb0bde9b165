import { describe, expect, test } from 'vitest';
import { outcomeMarkdown, outcomeText } from '../../../../src/cli/deploy/outcome.ts';
import type { PutBack } from '../../../../src/cli/deploy/plan.ts';
import { type DeploymentOutcome, deployOrPutBack, type Steps } from '../../../../src/cli/deploy/release.ts';

const file = (version: string): string => `config:\n  berth:systems:\n    basegun:\n      version: ${version}\n`;
const restore: PutBack = { kind: 'restore', systems: { basegun: { version: '3.3.0' } } };

/** A world in which these steps go as given, by version, and which remembers them */
function world(given: Readonly<Record<string, { up?: 'failed' | 'refused'; healthy?: boolean }>>) {
  const done: string[] = [];
  let version = '';
  const steps: Steps = {
    up: async (text) => {
      version = /version: (\S+)/.exec(text)?.[1] ?? '';
      done.push(`up ${version}`);
      return given[version]?.up ?? 'done';
    },
    healthy: async () => {
      done.push(`status ${version}`);
      return given[version]?.healthy ?? true;
    },
    say: () => undefined,
  };
  return { done, deploy: (plan: PutBack) => deployOrPutBack(file('3.3.1'), plan, steps) };
}

describe('a deployment', () => {
  test('that is healthy is left alone', async () => {
    const { done, deploy } = world({});
    expect(await deploy(restore)).toEqual({ kind: 'deployed' });
    expect(done).toEqual(['up 3.3.1', 'status 3.3.1']);
  });

  test('that the engine cannot finish is put back, without asking how healthy it is', async () => {
    const { done, deploy } = world({ '3.3.1': { up: 'failed' } });
    expect(await deploy(restore)).toEqual({ kind: 'put back', failure: 'engine', systems: restore.systems });
    expect(done).toEqual(['up 3.3.1', 'up 3.3.0', 'status 3.3.0']);
  });

  test('that is not healthy is put back', async () => {
    const { done, deploy } = world({ '3.3.1': { healthy: false } });
    expect(await deploy(restore)).toEqual({ kind: 'put back', failure: 'health', systems: restore.systems });
    expect(done).toEqual(['up 3.3.1', 'status 3.3.1', 'up 3.3.0', 'status 3.3.0']);
  });

  test('that never began is not put back: somebody else may be deploying', async () => {
    const { done, deploy } = world({ '3.3.1': { up: 'refused' } });
    expect(await deploy(restore)).toEqual({ kind: 'refused' });
    expect(done).toEqual(['up 3.3.1']);
  });

  test.each<[string, Exclude<PutBack, { kind: 'restore' }>]>([
    ['has migrated', { kind: 'migrated', runbooks: { lostops: 'systems/lostops/README.md' } }],
    ['is the first', { kind: 'first' }],
    ['has the same versions', { kind: 'same' }],
  ])('that fails and %s is left as it is', async (_, why) => {
    const { done, deploy } = world({ '3.3.1': { healthy: false } });
    expect(await deploy(why)).toEqual({ kind: 'left', failure: 'health', why });
    expect(done).toEqual(['up 3.3.1', 'status 3.3.1']);
  });

  test('that cannot be put back either is tried once, and says so', async () => {
    const unhealthy = world({ '3.3.1': { up: 'failed' }, '3.3.0': { healthy: false } });
    expect(await unhealthy.deploy(restore)).toMatchObject({ kind: 'put back', failure: 'engine', again: 'health' });
    const stuck = world({ '3.3.1': { up: 'failed' }, '3.3.0': { up: 'failed' } });
    expect(await stuck.deploy(restore)).toMatchObject({ kind: 'put back', failure: 'engine', again: 'engine' });
    expect(stuck.done).toEqual(['up 3.3.1', 'up 3.3.0']);
  });
});

describe('what is said of it', () => {
  const text = (outcome: DeploymentOutcome) => outcomeText('prod', outcome);
  const systems = { basegun: { version: '3.3.0' } };

  test('names the versions that serve, and the file that still names the other', () => {
    const said = text({ kind: 'put back', failure: 'health', systems });
    expect(said).toContain('rolled back to the former versions, which are healthy (basegun 3.3.0)');
    expect(said).toContain('Pulumi.prod.yaml still names the version that failed');
    expect(text({ kind: 'put back', failure: 'health', systems, again: 'engine' })).toContain(
      'the rollback failed too: the engine did not finish it',
    );
  });

  test('names the runbook', () => {
    const runbooks = { lostops: 'systems/lostops/README.md#a-deployment-that-failed' };
    expect(text({ kind: 'left', failure: 'engine', why: { kind: 'migrated', runbooks } })).toContain(
      'See lostops: systems/lostops/README.md#a-deployment-that-failed',
    );
  });

  test('begins with one line in a summary', () => {
    const markdown = outcomeMarkdown('prod', { kind: 'left', failure: 'engine', why: { kind: 'first' } }, undefined);
    expect(markdown).toMatch(/^### ❌ the deployment of stack prod failed: .*\n\nno rollback, .*$/);
  });
});
