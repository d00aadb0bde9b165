import { Argument, Command } from 'commander';
import type { Shell } from './completion/scripts.ts';

export const completionCommand = (): Command =>
  new Command('completion')
    .summary('shell completion of commands, options and stacks')
    .description('print what a shell reads to complete commands, options and stacks of berth')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', details)
    .action(completion);

const details = `
It completes the command \`berth\`, where it is on the PATH (npm install --global, or node_modules/.bin).

Examples:
  $ source <(berth completion bash)                             # in ~/.bashrc
  $ source <(berth completion zsh)                              # in ~/.zshrc, after compinit
  $ berth completion fish > ~/.config/fish/completions/berth.fish`;

async function completion(shell: Shell, _: unknown, command: Command): Promise<void> {
  const { completedCommands } = await import('./completion/commands.ts');
  const { completionScript } = await import('./completion/scripts.ts');
  process.stdout.write(completionScript(shell, command.parent ? completedCommands(command.parent) : []));
}
