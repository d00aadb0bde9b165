import { Command } from 'commander';
import { stackName } from '../pulumi/stackName.ts';

export const preflightCommand = (): Command =>
  new Command('preflight')
    .summary('whether this computer may deploy a stack')
    .description("whether this computer stands in the operators' networks of a stack, so that machines answer its SSH")
    .argument('<stack>', 'the stack, for example preprod')
    .addHelpText('after', details)
    .action(preflight);

const details = `
It asks https://checkip.amazonaws.com for this computer's own address; BERTH_ADDRESS_URL names another URL that answers
with it as plain text. A stack of local machines alone needs none, nor does one whose machines all stand behind bastions.
It ends with 1 where the address is not listed.

Example:
  $ berth preflight preprod && berth deploy preprod`;

async function preflight(stack: string): Promise<void> {
  const { clouds } = await import('../clouds/registry.ts');
  const { readOffline } = await import('./environment.ts');
  const { ownAddress } = await import('./preflight/ownAddress.ts');
  const { notListed, networkOf, onlyBastions } = await import('./preflight/operators.ts');
  const { environment, blueprints } = readOffline(stack);
  if (Object.values(environment.systems).every(({ cloud }) => clouds[cloud]?.capabilities.onThisComputer)) {
    console.log(`stack ${stack} has local machines alone: they answer this computer`);
    return;
  }
  const bastions = onlyBastions(blueprints);
  if (bastions) {
    console.log(
      `every machine of stack ${stack} stands behind a bastion, which says itself whom it lets in: ${bastions.join(', ')}`,
    );
    return;
  }
  const { networks } = environment.operators;
  const address = await ownAddress(process.env.BERTH_ADDRESS_URL || 'https://checkip.amazonaws.com');
  const network = networkOf(address, networks);
  if (network === undefined) throw new Error(notListed(stackName(stack), address, networks));
  console.log(`${address} is in the operators' network ${network} of stack ${stack}`);
}
