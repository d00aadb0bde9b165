import { defaultNetwork, privateRange } from '../../../config/privateRange.ts';
import { member, valueAt } from '../../../config/walk.ts';
import type { Environment } from '../../../model/environment.ts';
import type { Attributes } from '../../../model/terraform.ts';
import { recordOf } from '../../new/compose/merge.ts';
import { declaredBy } from '../completed.ts';
import type { Entry } from '../entry.ts';
import type { CloudBlocks } from '../environmentText.ts';
import type { Placed } from '../places.ts';
import { cloudEntry } from './entry.ts';
import { type Imports, importsOf } from './imports.ts';
import type { TerraformFound } from './terraform.ts';

export interface Taken {
  entries: readonly Entry[];
  cloud: CloudBlocks;
  imports: Imports;
  /** Command that imports, after the names of the file and the stack */
  command(file: string, stack: string): string;
}

export interface TakenContext {
  /** `config` of the environment's file. @default there is none yet */
  config?: unknown;
  /** Names in the cloud by bucket, as a person said them */
  buckets: Readonly<Record<string, string>>;
  /** Options of the systems, as a person said them */
  options: Readonly<Record<string, string>>;
}

/** Returns what a state becomes on its own cloud */
export function takenOver(found: TerraformFound, placed: readonly Placed[], context: TakenContext): Taken {
  const { config, buckets } = context;
  const entries = placed.map((one) => cloudEntry(found, one, context.options));
  const told = found.table.settings?.(found.resources.map(({ attributes }) => attributes)) ?? {};
  const settings = config === undefined ? told : recordOf(valueAt(config, ['berth:clouds', found.cloud]));
  const former = valueAt(config, ['berth:network']);
  const network = `${former ?? (config === undefined ? rangeOf(found, settings) : undefined) ?? defaultNetwork}`;
  const environment: Environment = {
    ...{ name: 'adopted', operators: { networks: [], sshPublicKeys: [] }, systems: {}, network },
    ...{ authority: 'letsencrypt', clouds: {} },
  };
  const declared = Object.fromEntries(
    placed.map(({ system }, index) => [system.name, declaredBy(system, entries[index]?.options ?? {}, environment)]),
  );
  const region = `${member(entries[0]?.options, 'region') ?? ''}`;
  const variables = Object.entries(region === '' ? {} : found.table.variables(region));
  return {
    entries,
    cloud: {
      ...(network !== defaultNetwork && { network }),
      ...(found.table.settings && { settings: { [found.cloud]: told } }),
    },
    imports: importsOf(found, { placed, declared, network, settings, buckets }),
    command: (file, stack) =>
      [
        ...variables.map(([name, value]) => `${name}=${value}`),
        `pulumi import --file ${file} --stack ${stack} --generate-code=false`,
      ].join(' '),
  };
}

/** Range of the one network of a state that can be imported */
function rangeOf({ resources, table }: TerraformFound, settings: Attributes): string | undefined {
  const all = resources.map(({ attributes }) => attributes);
  const ranges = resources.flatMap(({ type, attributes }) => {
    const kind = table.imports[type];
    const range = kind?.flaw?.(attributes, all, settings) === undefined ? kind?.range?.(attributes) : undefined;
    return range !== undefined && privateRange.safeParse(range).success ? [range] : [];
  });
  return ranges.length === 1 ? ranges[0] : undefined;
}
