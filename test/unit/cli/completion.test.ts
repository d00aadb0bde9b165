import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { berth, berthHere, checkout, put, temporaryFolder } from './berth.ts';

const script = async (shell: string): Promise<string> => (await berthHere(['completion', shell])).stdout;

let bash: string;
let commands: readonly string[];

beforeAll(async () => {
  bash = (await berth(['completion', 'bash'])).stdout;
  const { stdout } = await berth(['--help']);
  const [, listed = ''] = /Commands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
  commands = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
});

/** What the real bash proposes for the last of these words, in a folder */
function proposed(words: readonly string[], folder = checkout): readonly string[] {
  const typed = ['berth', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _berth; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['-euo', 'pipefail', '-c', `${bash}\n${ask}`], { cwd: folder, encoding: 'utf8' });
  return text.split('\n').filter((line) => line !== '');
}

test('bash completes every command that --help lists, and those that begin with what is typed', () => {
  expect(commands.length).toBeGreaterThan(30);
  expect(proposed([''])).toEqual(expect.arrayContaining([...commands]));
  expect(proposed(['ren'])).toEqual(['render']);
});

test('bash completes stacks by the files of the nearest project, also from a folder below', () => {
  const project = temporaryFolder();
  for (const path of ['Pulumi.yaml', 'Pulumi.prod.yaml', 'Pulumi.prod-shop.yaml', 'below/further/x'])
    put(project, path, '');
  for (const folder of [project, join(project, 'below', 'further')])
    expect([...proposed(['status', ''], folder)].sort()).toEqual(['prod', 'prod-shop']);
  expect(proposed(['status', 'prod-'], project)).toEqual(['prod-shop']);
});

test('bash completes the options of a command, and the values of those that have a few', () => {
  expect(proposed(['cost', 'preprod', '--'])).toEqual(['--system', '--prices', '--json', '--help']);
  expect(proposed(['new', 'shop', '--database', ''])).toEqual(['postgres', 'mysql']);
  expect(proposed(['completion', 'f'])).toEqual(['fish']);
});

test.each(['zsh', 'fish'])('%s is told of every command, of options and of stacks', async (shell) => {
  const text = await script(shell);
  const named = (name: string) => (shell === 'zsh' ? `'${name}:` : `-a ${name} `);
  expect(commands.filter((name) => !text.includes(named(name)))).toEqual([]);
  expect(text).toContain('Pulumi.*.yaml');
  expect(text).toContain(shell === 'zsh' ? "'--prices:" : '-l prices -r');
  // Quotes in descriptions end no text
  expect(
    text.split('\n').filter((line) => (line.replaceAll(/\\'|'\\''/g, '').split("'").length - 1) % 2 === 1),
  ).toEqual([]);
});

test('another shell is wrong usage', async () => {
  const { code, stderr } = await berthHere(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});

test('berth itself writes no colours', () => {
  const sources = readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.[tj]s$/.test(path),
  );
  const coloured = sources.filter((path) =>
    /(\\x1b|\\u001b|\\033)\[[\d;$]*m/.test(readFileSync(join(checkout, 'src', path), 'utf8')),
  );
  expect(coloured).toEqual([]);
});
