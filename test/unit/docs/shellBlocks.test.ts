import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { berth } from '../../../src/cli/main.ts';
import { checkout } from '../../../src/paths.ts';
import { berthCalls, npmCalls, pages, toldIn } from '../../shellBlocks.ts';
import { berthHere } from '../cli/berth.ts';

const told = pages.flatMap(toldIn);

/** What is wrong with a call of berth, by the table of its commands */
function flaw([name = '', ...words]: readonly string[], whole: boolean): string | undefined {
  if (/^(?:--|<|…)/.test(name)) return undefined;
  const command = berth().commands.find((one) => one.name() === name);
  if (!command) return 'is no command of berth';
  const given = words.filter((word) => word !== '…' && word !== '--help');
  const { operands, unknown } = silently(command, given);
  if (unknown.length > 0) return `has no ${unknown[0]}`;
  const { registeredArguments: known } = command;
  if (operands.length > known.length && !known.at(-1)?.variadic) return `takes no ${operands[known.length]}`;
  const missing = known.find((argument, at) => argument.required && operands[at] === undefined);
  return whole && missing ? `is without its <${missing.name()}>` : undefined;
}

function silently(command: Command, words: readonly string[]): ReturnType<Command['parseOptions']> {
  try {
    return command.configureOutput({ writeErr: () => undefined }).parseOptions([...words]);
  } catch (error) {
    return { operands: [], unknown: [error instanceof Error ? error.message : String(error)] };
  }
}

test('every command of berth that a page names exists, with these options and arguments', () => {
  const calls = told.flatMap(({ page, text, whole }) => berthCalls(text).map((words) => ({ page, words, whole })));
  expect(calls.length).toBeGreaterThan(150);
  const wrong = calls.flatMap(({ page, words, whole }) => {
    const found = flaw(words, whole);
    return found === undefined ? [] : [`${page}: berth ${words.join(' ')}: ${found}`];
  });
  expect(wrong).toEqual([]);
});

test('every script of npm that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const calls = told.flatMap(({ page, text }) => npmCalls(text).map((words) => ({ page, words })));
  expect(calls.length).toBeGreaterThan(20);
  const known = ['install', 'ci', 'pack', 'test', 'version', 'publish', 'audit'];
  const wrong = calls.filter(({ words: [what = '', script = ''] }) =>
    what === 'run' ? !(script in scripts) : !known.includes(what),
  );
  expect(wrong).toEqual([]);
});

const runs = told
  .filter(({ runs }) => runs)
  .flatMap(({ page, text }) => berthCalls(text).map((words) => ({ page, words })));

test('pages have commands that are marked as run by a test', () => {
  expect(runs.length).toBeGreaterThan(5);
  expect(told.filter(({ runs, text }) => runs && berthCalls(text).length === 0)).toEqual([]);
});

const once = [...new Set(runs.map(({ words }) => words.join(' ')))];

test.each(once)('berth %s, which a page says is run by a test, does what it should', async (words) => {
  const { code, stdout, stderr } = await berthHere(words.split(' '));
  expect(code, stderr).toBe(0);
  expect(stdout).not.toBe('');
});
