import { writeFileSync } from 'node:fs';
import { Command } from 'commander';

export const diagramCommand = (): Command =>
  new Command('diagram')
    .summary('a picture of the machines and who may reach whom')
    .description('networks, machines, services and who may reach whom, from the environment file alone')
    .argument('<stack>', 'the environment, for example preprod')
    .option('--svg <file>', 'write an SVG image to this file instead')
    .addHelpText('after', details)
    .action(diagram);

const details = `
Without --svg it prints a Mermaid diagram, which code hosts and editors render. Solid arrows are rules, with
their ports; dashed arrows are cloud services that the system uses.

Examples:
  $ berth diagram preprod
  $ berth diagram prod --svg prod.svg`;

async function diagram(stack: string, options: { svg?: string }): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { environment, blueprints } = readOffline(stack);
  if (options.svg === undefined) {
    const { clouds } = await import('../clouds/registry.ts');
    const { drawing } = await import('../render/diagram.ts');
    const { mermaid } = await import('../render/diagram/mermaid.ts');
    process.stdout.write(mermaid(drawing(environment, blueprints, clouds)));
    return;
  }
  const { diagramSvg } = await import('./diagramSvg.ts');
  writeFileSync(options.svg, await diagramSvg(environment, blueprints));
  console.log(`wrote ${options.svg}`);
}
