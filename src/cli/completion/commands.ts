import type { Command } from 'commander';

/** A command as completion has it */
export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly { name: string; what: string; takesValue: boolean; choices: readonly string[] }[];
  /** Whether its first argument is a stack, and the words that may stand there otherwise */
  first: 'stack' | readonly string[];
}

/** Returns the commands of a program, from the same table that `--help` prints */
export const completedCommands = (program: Command): readonly CompletedCommand[] =>
  program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const options = command.createHelp().visibleOptions(command);
    return {
      name: command.name(),
      summary: command.summary() || command.description(),
      options: options.map((option) => ({
        name: option.long ?? option.short ?? '',
        what: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
      })),
      first: argument?.name().startsWith('stack') ? 'stack' : (argument?.argChoices ?? []),
    };
  });
