import { Command } from 'commander';
import { stackName } from '../pulumi/stackName.ts';

export const preflightCommand = (): Command =>
  new Command('preflight')
    .summary('check that this computer may deploy a stack')
    .description(
      "check that this computer's address is in the operators' networks of a stack, so that it can reach machines over SSH",
    )
    .argument('<stack>', 'the stack, for example preprod')
    .addHelpText('after', details)
    .action(preflight);

const details = `
It reads this computer's public address from https://checkip.amazonaws.com, or from BERTH_ADDRESS_URL, which must answer
with it as plain text. The check is skipped for stacks with local machines only and for stacks whose machines are all
behind bastions. The exit code is 1 when the address is not listed.

Example:
  $ berth preflight preprod && berth deploy preprod`;

async function preflight(stack: string): Promise<void> {
  const { clouds } = await import('../clouds/registry.ts');
  const { readOffline } = await import('./environment.ts');
  const { ownAddress } = await import('./preflight/ownAddress.ts');
  const { notListed, networkOf, onlyBastions } = await import('./preflight/operators.ts');
  const { environment, blueprints } = readOffline(stack);
  if (Object.values(environment.systems).every(({ cloud }) => clouds[cloud]?.capabilities.onThisComputer)) {
    console.log(`stack ${stack} has only local machines: this computer can reach them`);
    return;
  }
  const bastions = onlyBastions(blueprints);
  if (bastions) {
    console.log(
      `every machine of stack ${stack} is behind a bastion, which has its own access list: ${bastions.join(', ')}`,
    );
    return;
  }
  const { networks } = environment.operators;
  const address = await ownAddress(process.env.BERTH_ADDRESS_URL || 'https://checkip.amazonaws.com');
  const network = networkOf(address, networks);
  if (network === undefined) throw new Error(notListed(stackName(stack), address, networks));
  console.log(`${address} is in the operators' network ${network} of stack ${stack}`);
}
