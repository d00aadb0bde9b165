import { Command } from 'commander';

export const envCommand = (): Command =>
  new Command('env')
    .description('what a shell needs to run `pulumi` by hand on a stack, as lines for it to evaluate')
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
  const { engineStack, localVariables, shellVariables } = await import('./engine.ts');
  const { shellLines } = await import('./shell.ts');
  const { folder, environment, configFile } = await engineStack(stack);
  const shell = (names: readonly string[]) => names.filter((name) => process.env[name] !== undefined);
  const path = (process.env.PATH ?? '').startsWith(`${folder}:`) ? {} : { path: folder };
  if (configFile === undefined) {
    const unset = shell(shellVariables).filter((name) => environment[name] === undefined && name !== 'PULUMI_STACK');
    process.stdout.write(shellLines({ ...path, unset, set: { PULUMI_STACK: stack } }));
    return;
  }
  const own = localVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  const set = { ...Object.fromEntries(own), PULUMI_STACK: stack, PULUMI_OPTION_CONFIG_FILE: configFile };
  // Either would win over the passphrase's file and the state's folder
  process.stdout.write(shellLines({ ...path, unset: shell(['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_ACCESS_TOKEN']), set }));
}
