import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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
  expect(stderr).toBe('\nthe stack local has no system "basegnu": it has basegun, catalogage, lostops, mad\n');
  expect(existsSync(join(project, '.berth', 'state'))).toBe(false);
});

test('where there is no project, the folder is named', async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await berth(['local', '--logins'], folder);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`${folder}\n    has no Pulumi.yaml, and neither has a folder above it`);
});

test('logins of a stack that was never set up: the command that sets it up', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  const { code, stderr } = await berth(['local', '--logins'], project);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: '\nnothing is set up on this computer yet: run npx berth local\n',
  });
});

test('a second command at the same time says that it waits, and Ctrl-C ends it in one line that leaves nothing', async () => {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, '.berth/local.lock', `${process.pid}`);
  const program = join(checkout, 'src', 'start', 'berth.js');
  const child = spawn(process.execPath, [program, 'local'], { cwd: project });
  let [said, complained] = ['', ''];
  child.stderr.on('data', (data) => (complained += data));
  child.stdout.on('data', (data) => {
    said += data;
    child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(said).toMatch(/^another process is doing this already: waiting for it to end \(.*local\.lock\)\n$/);
  expect({ code, complained }).toEqual({
    code: 130,
    complained: 'interrupted: run the same command again to continue\n',
  });
  expect(existsSync(join(project, 'Pulumi.local.yaml'))).toBe(false);
  expect(readFileSync(join(project, '.berth/local.lock'), 'utf8')).toBe(`${process.pid}`);
});
