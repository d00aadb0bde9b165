import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captured } from '../../../src/process/captured.ts';
import { berth, berthHere, checkout, environmentFile, put, temporaryFolder } from './berth.ts';

test('npm run local is berth local', async () => {
  const npm = captured('npm', ['run', '--silent', 'local', '--', '--help'], { cwd: checkout, env: process.env });
  const [asScript, asCommand] = await Promise.all([npm, berthHere(['local', '--help'])]);
  expect(asScript).toEqual(asCommand);
  expect(asCommand.stdout).toContain('--down');
});

test('a wrong name of a system is told before anything is set up', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.local.yaml', environmentFile('local'));
  const { code, stdout, stderr } = await berth(['local', 'basegnu'], project);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe('\nthe stack local has no system named basegnu: there are basegun, catalogage, lostops, mad\n');
  expect(existsSync(join(project, '.berth', 'state'))).toBe(false);
});
