import type { Command } from 'commander';
import { code, fenced, prose, sentence, table } from './markdown.ts';
import type { Generated } from './reference.ts';

/** A row of the table of exit codes */
export type ExitCode = readonly [code: string, meaning: string];

/** Returns the table of exit codes in a page */
export const exitCodesIn = (page: string): readonly ExitCode[] => {
  const [, part = ''] = page.split('## Exit codes\n');
  const rows = part.split('\n## ')[0]?.matchAll(/^\| (\d+|others) \| (.+) \|$/gm) ?? [];
  return [...rows].map(([, value = '', meaning = '']) => [value, meaning]);
};

/**
 * A page for each command, and one that lists them: from the table that `--help` prints
 * @param exitCodes of all commands; `others` are those of the commands that their meaning names
 */
export function commandPages(program: Command, exitCodes: readonly ExitCode[]): readonly Generated[] {
  const rows = program.commands.map((command) => [
    `[${code(`berth ${command.name()}`)}](/reference/commands/${command.name()}.md)`,
    prose(sentence(summaryOf(command))),
  ]);
  const list = [
    '# Commands',
    'Each command has `--help`. Colours and completion are on [a page of their own](/commands.md).',
    table(['command', 'what it does'], rows),
  ];
  return [
    { path: 'reference/commands/index', label: 'All commands', text: `${list.join('\n\n')}\n` },
    ...program.commands.map((command) => ({
      path: `reference/commands/${command.name()}`,
      label: command.name(),
      text: commandPage(command, exitCodes),
    })),
  ];
}

const summaryOf = (command: Command): string => command.summary() || command.description();

function commandPage(command: Command, exitCodes: readonly ExitCode[]): string {
  const words = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return [code(argument.required ? `<${name}>` : `[${name}]`), described(argument.description, argument)];
  });
  const options = command
    .createHelp()
    .visibleOptions(command)
    .map((option) => [code(option.flags), described(option.description, option)]);
  return `${[
    `# berth ${command.name()}`,
    prose(sentence(command.description() || command.summary())),
    fenced('console', `$ npx berth ${command.name()} ${command.usage()}`),
    ...(words.length > 0 ? ['## Arguments', table(['argument', ''], words)] : []),
    '## Options',
    table(['option', ''], options),
    ...detailsOf(command),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      exitCodes.filter(([value, meaning]) => value !== 'others' || meaning.includes(code(command.name()))),
    ),
  ].join('\n\n')}\n`;
}

/** What an argument or option is, its default and its choices */
function described(text: string, of: { defaultValue?: unknown; argChoices?: readonly string[] | undefined }): string {
  const value: unknown = of.defaultValue;
  const empty = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
  const choices = of.argChoices ?? [];
  return [
    prose(text),
    ...(choices.length > 0 ? [`one of ${choices.map(code).join(', ')}`] : []),
    ...(empty ? [] : [`default ${code(String(value))}`]),
  ].join('; ');
}

/** What `--help` says after the options: paragraphs, examples of other programs' form as they are, and the examples */
function detailsOf(command: Command): readonly string[] {
  const help: string[] = [];
  command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
  const after = help.join('').slice(command.helpInformation().length).trim();
  return after.split(/\n{2,}/).flatMap((paragraph) => {
    if (paragraph === '') return [];
    const [, examples] = /^Examples?:\n([\s\S]+)$/.exec(paragraph) ?? [];
    if (examples !== undefined) return ['## Examples', fenced('console', dedented(examples, '$ npx berth'))];
    if (!/^ {2}/m.test(paragraph)) return [prose(paragraph)];
    const [, before = '', form = ''] = /^((?:\S.*\n)*)([\s\S]*)$/.exec(paragraph) ?? [];
    return [...(before === '' ? [] : [prose(before.trim())]), fenced('text', dedented(form))];
  });
}

const dedented = (text: string, prompt = '$ berth'): string =>
  text.replaceAll(/^ {2}/gm, '').replaceAll(/^\$ berth\b/gm, prompt);
