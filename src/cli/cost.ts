import { Command } from 'commander';
import { unknownName } from './unknownName.ts';

interface Options {
  json?: boolean;
  system?: string;
  prices?: string;
}

export const costCommand = (): Command =>
  new Command('cost')
    .summary('what a stack costs a month, by list prices')
    .description(
      'list prices a month of machines, disks, addresses, balancers and caches; needs no account and no network',
    )
    .argument('<stack>', 'the environment, for example preprod')
    .option('-s, --system <name>', 'this system only')
    .option('--prices <file>', 'your own prices, in the place of those of the table')
    .option('--json', 'as JSON')
    .addHelpText('after', details)
    .action(cost);

const details = `
Prices are those of a dated table in each cloud's folder (src/clouds/<cloud>/prices.ts), which names its sources. A price
that is not in it is not guessed: the part is listed as not known, and left out of the sum. What is paid by use is always left
out. Machines with a schedule count for the hours in which they run.

Examples:
  $ berth cost preprod
  $ berth cost prod --system mad --prices prices.yaml --json`;

async function cost(stack: string, { system, prices: file, json }: Options): Promise<void> {
  const { readFileSync } = await import('node:fs');
  const { clouds } = await import('../clouds/registry.ts');
  const { readOffline } = await import('./environment.ts');
  const { costItems } = await import('./cost/items.ts');
  const { ownPrices, withOwn } = await import('./cost/ownPrices.ts');
  const { costJson, costText } = await import('./cost/report.ts');
  const { environment, systems } = readOffline(stack);
  const wanted = systems.filter(({ blueprint }) => system === undefined || blueprint.system === system);
  const names = systems.map(({ blueprint }) => blueprint.system);
  if (wanted.length === 0) throw unknownName(environment.name, 'system', `${system}`, names);
  const given = file === undefined ? {} : ownPrices(readFileSync(file, 'utf8'), file);
  const priced = wanted.flatMap(({ blueprint, entry }) => {
    const cloud = clouds[entry.cloud];
    if (!cloud) return [];
    const prices = withOwn(cloud.name, cloud.prices, given[cloud.name]);
    return [{ blueprint, region: entry.region, cloud: { ...cloud, ...(prices && { prices }) } }];
  });
  const items = priced.flatMap(({ blueprint, region, cloud }) => costItems(blueprint, region, cloud));
  const tables = Object.fromEntries(
    priced.flatMap(({ cloud: { name, prices } }) => (prices ? [[name, prices] as const] : [])),
  );
  const found = { stack: environment.name, items, tables };
  process.stdout.write(json ? costJson(found) : costText(found));
}
