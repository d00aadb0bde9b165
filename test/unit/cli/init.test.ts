import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { chosenBackend, chosenProvider } from '../../../src/cli/init/answers.ts';
import { berth, berthHere, checkout, put, temporaryFolder } from './berth.ts';

// Each starts programs, of which a busy computer has others
vi.setConfig({ testTimeout: 30_000 });

/** An engine without stacks, which writes down all that it is told, and by what */
const recorder = (project: string): string => `#!/bin/bash
{ echo "ARGS $*"; env | sed 's/^/ENV /'; [ -z "$PULUMI_CONFIG_PASSPHRASE_FILE" ] || stat -c 'MODE %a' "$PULUMI_CONFIG_PASSPHRASE_FILE"; } >> '${project}/said'
[ -z "$PULUMI_CONFIG_PASSPHRASE_FILE" ] || cat "$PULUMI_CONFIG_PASSPHRASE_FILE" > '${project}/passphrase'
[ "$1 $2" != 'stack ls' ] || echo '[]'
[ "$1 $2" != 'config set' ] || { echo "$5 = $(cat)" >> '${project}/secrets'; }
`;

/** One system, which needs a deploy key and a password */
function newProject() {
  const project = temporaryFolder();
  const { config } = parse(readFileSync(join(checkout, 'Pulumi.preprod.yaml'), 'utf8'));
  const { mad } = config['berth:systems'];
  put(project, 'Pulumi.yaml', 'name: berth\n');
  put(project, 'Pulumi.preprod.yaml', stringify({ config: { ...config, 'berth:systems': { mad } } }));
  put(project, 'engine/pulumi', recorder(project), 0o755);
  const path = [join(project, 'engine'), process.env.PATH].join(delimiter);
  const others = Object.keys(process.env).filter((name) => name.startsWith('PULUMI_'));
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(others.map((name) => [name, undefined])), PATH: path };
  const read = (name: string): string =>
    existsSync(join(project, name)) ? readFileSync(join(project, name), 'utf8') : '';
  return { project, env, read };
}

type NewProject = ReturnType<typeof newProject>;

const options = ['--backend', 's3://states?region=eu-west-3', '--secrets-provider', 'passphrase'];

/** Gives it lines to read, instead of a terminal */
async function withLines({ project, env }: NewProject, args: readonly string[], lines: string, run = berthHere) {
  const { code, stdout, stderr } = await run(['init', 'preprod', ...args], project, env, lines);
  return { code, said: `${stdout}${stderr}` };
}

/** Answers questions at a pseudo terminal, each once what it follows has been shown; gives all that was seen there */
async function atTerminal({ project, env }: NewProject, answers: readonly (readonly [shown: string, typed: string])[]) {
  const line = `stty cols 200; '${process.execPath}' '${join(checkout, 'src', 'start', 'berth.js')}' init preprod ${options.map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd: project,
    env: { ...process.env, ...env },
  });
  const left = [...answers];
  let seen = '';
  child.stdout.on('data', (data) => {
    seen += data;
    const next = left[0];
    if (next === undefined || !seen.includes(next[0])) return;
    left.shift();
    seen = seen.slice(seen.indexOf(next[0]) + next[0].length);
    child.stdin.write(next[1]);
  });
  const run = await ended(child);
  child.stdin.destroy();
  return run;
}

async function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      said += data;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, said };
}

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nhush-key\n-----END OPENSSH PRIVATE KEY-----';

test('secrets reach the engine by what it reads: no argument, variable or line of output has one', async () => {
  const project = newProject();
  put(project.project, 'key', `${key}\n`);
  const args = [...options, '--secret-file', 'deployKey=key'];
  const { code, said } = await withLines(project, args, 'mad/redisPassword=hush-redis\npassphrase=hush-pass\n', berth);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('✓ secret deployKey set') });
  expect(said).not.toContain('hush');
  expect(project.read('said')).not.toContain('hush');
  expect(project.read('secrets')).toBe(
    `berth:secrets.deployKey = ${key}\nberth:secrets["mad/redisPassword"] = hush-redis\n`,
  );
  expect(project.read('said').match(/^ARGS .*/gm)).toEqual(
    [
      'stack ls --json',
      'stack init --no-select --secrets-provider passphrase',
      'config set --secret --path berth:secrets.deployKey',
      'config set --secret --path berth:secrets["mad/redisPassword"]',
    ].map((words) => `ARGS ${words} --stack preprod --non-interactive --color never`),
  );
  expect(project.read('said')).toContain('ENV PULUMI_BACKEND_URL=s3://states?region=eu-west-3\n');
});

test('a passphrase lies in a private file meanwhile; a deploy key is made; what is not given stays missing', async () => {
  const project = newProject();
  project.env.TMPDIR = project.project;
  const { code, said } = await withLines(project, options, 'passphrase=hush-pass\n');
  expect(code).toBe(0);
  expect(project.read('passphrase')).toBe('hush-pass');
  const [, file = ''] = /^ENV PULUMI_CONFIG_PASSPHRASE_FILE=(.*)$/m.exec(project.read('said')) ?? [];
  expect(project.read('said')).toContain('MODE 600');
  expect(file).toContain(project.project);
  expect(existsSync(join(file, '..'))).toBe(false);
  expect(project.read('secrets')).toMatch(/^berth:secrets\.deployKey = -----BEGIN OPENSSH PRIVATE KEY-----\n/);
  expect(said).toMatch(/Still missing.*\n.*\nmad\/redisPassword +the password of the cache/);
});

test('without a terminal, what is not given is named with where to give it', async () => {
  const given = { secretFile: [], environment: {} };
  await expect(chosenBackend('preprod', given)).rejects.toThrow(
    'there is no terminal for a prompt: give where the state is stored by --backend or the variable PULUMI_BACKEND_URL',
  );
  await expect(chosenProvider(undefined, given)).rejects.toThrow('--secrets-provider or the variable');
  const { code, said } = await withLines(newProject(), options, '');
  expect(code).toBe(1);
  expect(said).toMatch(/give the passphrase by PULUMI_CONFIG_PASSPHRASE_FILE, .* or a line passphrase=<value> on/);
});

test('at a terminal nothing of a secret is shown, whatever keys are pressed', async () => {
  const project = newProject();
  const ctrlT = '\x14';
  const { code, said } = await atTerminal(project, [
    ['the passphrase of preprod', `hush-pass${ctrlT}\r`],
    ['repeat it', 'hush-pass\r'],
    ['mad/redisPassword', `hush-redis${ctrlT}\r`],
  ]);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('stack preprod created') });
  expect(said).not.toContain('hush');
  expect(project.read('passphrase')).toBe('hush-pass');
  expect(project.read('secrets')).toContain('berth:secrets["mad/redisPassword"] = hush-redis\n');
});

test('who stops at a question has changed nothing', async () => {
  const project = newProject();
  const { code, said } = await atTerminal(project, [['the passphrase of preprod', 'hush\x03']]);
  expect(code).toBe(1);
  expect(said).toMatch(/stopped: nothing was changed\r\n$/);
  expect(said).not.toContain('hush');
  expect(project.read('said').match(/^ARGS .*/gm)).toHaveLength(1);
});
