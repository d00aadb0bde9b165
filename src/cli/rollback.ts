import { Command } from 'commander';

interface Options {
  to?: string;
  yes?: boolean;
  really?: string;
  json?: boolean;
}

export const rollbackCommand = (): Command =>
  new Command('rollback')
    .summary('bring back the version that was live before, from what the machines keep')
    .description(
      'bring a former version of a system back on its machines, in seconds and without a registry; then set it in the file',
    )
    .argument('<stack>', 'the stack, for example preprod')
    .argument('<system>', 'the system, for example basegun')
    .option('--to <version>', 'this version (default: the one that was live before)')
    .option('--yes', 'do not ask')
    .option('--really <system>', 'although a migration has run since: the name of the system again')
    .option('--json', 'print what happens as one JSON object a line, all else on standard error')
    .addHelpText('after', details)
    .action(rollback);

const details = `
Each machine keeps the release that was live before, with its images and builds. All machines are asked first: where one
can't go back, for example because an image is gone or a migration has run since, nothing is changed. After the question it
goes through the machines in the reverse order of a deployment, one after the other: new containers start beside the present
ones, and the edge switches once they are healthy. The first that fails keeps what it had, and ends it.

Neither the engine nor the state of the stack has a part in it: until the next deployment, berth status and berth drift
--hosts say that the machines differ. The version in Pulumi.<stack>.yaml is set back, so that the next deployment finds them
in place. Cloud resources and versions of parts (versions: …) are not changed: set those with berth set-version, and deploy.

On a machine the same is sudo berth rollback.

Examples:
  $ berth rollback prod basegun
  $ berth rollback prod lostops --to 1.2.0 --yes`;

async function rollback(stack: string, system: string, { to, yes = false, really, json }: Options): Promise<void> {
  if (really !== undefined && really !== system) throw new Error(`--really ${really}: the system is ${system}`);
  const { deployedStack } = await import('./run/start.ts');
  const { rollBack } = await import('./rollback/carryOut.ts');
  const { machineActions } = await import('./rollback/machines.ts');
  const { fileChange } = await import('./rollback/file.ts');
  const { watchFor } = await import('./watch/watch.ts');
  const { failureText, lookFurther, tellEnding } = await import('./watch/ending.ts');
  const watch = watchFor(json);
  const deployed = await deployedStack(stack);
  const actions = await machineActions(deployed, { stack, system, yes, really, watch });
  let version = '';
  const file = (chosen: string) => {
    version = chosen;
    return fileChange(stack, system, chosen);
  };
  try {
    await rollBack(actions, { stack, system, to, file });
  } catch (error) {
    const failure = watch.failure();
    if (failure) {
      tellEnding(watch, { result: 'failed', failed: failureText(failure), next: lookFurther(stack, failure) });
    }
    throw error;
  }
  tellEnding(watch, { result: 'rolled back', live: { [system]: version }, next: `npx berth deploy ${stack}` });
}
