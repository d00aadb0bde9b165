import { Command } from 'commander';
import { commandWords } from './shell.ts';

interface Options {
  administrator?: boolean;
  key?: string;
}

export const sqlCommand = (): Command =>
  new Command('sql')
    .summary("the prompt of a system's database")
    .description("open the prompt of a system's database on its machine, over SSH")
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example lostops')
    .argument('[options...]', "after --: what the database's own client is told")
    .option('--administrator', "as the database's administrator instead of the application's user")
    .option('-i, --key <file>', "your own key, instead of the stack's")
    .passThroughOptions()
    .addHelpText('after', details)
    .action(sql);

const details = `
It reads your terminal, or what you pass to it. The password is the release's own and in no argument. Options stand before
the stack; what follows the system is the client's.

Examples:
  $ berth sql prod lostops
  $ echo 'SELECT COUNT(*) FROM users' | berth sql prod lostops
  $ berth sql --administrator prod lostops -- --execute 'SHOW PROCESSLIST'`;

async function sql(
  stack: string,
  system: string,
  words: readonly string[],
  { administrator = false, key }: Options,
): Promise<void> {
  const { deployedStack, runThere } = await import('./run/start.ts');
  const { promptOf } = await import('./run/prompt.ts');
  const deployed = await deployedStack(stack);
  const { service, prompt } = promptOf(deployed.blueprints, system);
  const command = [...prompt[administrator ? 'administrator' : 'user'], ...commandWords(words)];
  process.exitCode = await runThere(deployed, { system, what: service, command }, key);
}
