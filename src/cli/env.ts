import { delimiter } from 'node:path';
import { Command } from 'commander';

export const envCommand = (): Command =>
  new Command('env')
    .summary('the environment to run `pulumi` by hand')
    .description('print the environment in which `pulumi` runs by hand on a stack, as lines for a shell to evaluate')
    .argument('<stack>', 'the stack, for example local')
    .addHelpText('after', details)
    .action(env);

const details = `
It sets PATH, so that the engine is found, and PULUMI_STACK. A local stack adds its own state, home, generated settings
and the file with its passphrase. No secret is printed.

Example:
  $ eval "$(npx berth env local)"
  $ pulumi preview`;

async function env(stack: string): Promise<void> {
  const { engineStack, localVariables, shellVariables } = await import('../pulumi/stack.ts');
  const { shellLines } = await import('./shell.ts');
  const { folder, environment, configFile } = await engineStack(stack);
  const path = (process.env.PATH ?? '').split(delimiter).includes(folder) ? {} : { path: folder };
  if (configFile === undefined) {
    const left = shellVariables.filter((name) => name in process.env && !(name in environment));
    const unset = left.filter((name) => name !== 'PULUMI_STACK');
    process.stdout.write(shellLines({ ...path, unset, set: { PULUMI_STACK: stack } }));
    return;
  }
  const own = localVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  const set = { ...Object.fromEntries(own), PULUMI_STACK: stack, PULUMI_OPTION_CONFIG_FILE: configFile };
  // Either would take precedence over the passphrase file and the state folder
  process.stdout.write(shellLines({ ...path, unset: ['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_ACCESS_TOKEN'], set }));
}
