import { systems } from 'berth:systems';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clouds } from '../../clouds/registry.ts';
import { ConfigError } from '../../config/error.ts';
import { environmentInput, findProject } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';
import { adoptsMachines } from '../../model/cloud.ts';
import type { Problem } from '../../model/problem.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { type Finding, RefusedError } from '../new/finding.ts';
import { ansibleFound } from './ansible/ansible.ts';
import { type Entry, entryOf } from './entry.ts';
import { type CloudBlocks, entriesText, environmentText } from './environmentText.ts';
import { disk } from './files.ts';
import type { Found } from './found.ts';
import { kamalFound } from './kamal/kamal.ts';
import { lookedUp } from './lookUp.ts';
import { placesOf } from './machines.ts';
import { type Placed, placed, wantedSystem } from './places.ts';
import { reportText } from './report.ts';
import { type Taken, takenOver } from './terraform/taken.ts';
import { type TerraformFound, terraformFound } from './terraform/terraform.ts';

export interface AdoptOptions {
  ansible?: string;
  kamal: readonly string[];
  terraform?: string;
  keepMachines?: boolean;
  playbookDir?: string;
  vars: readonly string[];
  system: readonly string[];
  address: readonly string[];
  bucket: readonly string[];
  option: readonly string[];
  user?: string;
  knownHosts?: string;
  dryRun?: boolean;
}

/**
 * Writes an environment's entries from what another tool has, and says what was not taken over
 * @throws RefusedError with everything that stands in the way; then nothing is written
 */
export async function adopt(stack: string, options: AdoptOptions): Promise<void> {
  const name = stackName(stack);
  const file = `Pulumi.${name}.yaml`;
  const folder = findProject(process.cwd());
  const found = foundBy(options);
  const places = placed(found, options.system.map(wantedSystem), systems);
  const path = join(folder, file);
  const former = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const { entries, cloud = {}, taken } = await entriesFrom(found, places.placed, options, former, file);
  const made = environmentText(options.dryRun ? undefined : former, file, entries, cloud);
  const findings: readonly Finding[] = [
    ...found.findings,
    ...places.findings,
    ...entries.flatMap((entry) => entry.findings),
    ...(taken?.imports.findings ?? []),
    ...('finding' in made ? [made.finding] : []),
  ];
  if ('finding' in made || findings.some(({ kind }) => kind === 'refused')) throw new RefusedError(findings);
  const resources = taken?.imports.resources ?? [];
  const imports =
    resources.length > 0 ? { [`import.${name}.json`]: `${JSON.stringify({ resources }, null, 2)}\n` } : {};
  if (options.dryRun) process.stdout.write([entriesText(entries, cloud), ...Object.values(imports), ''].join('\n'));
  else {
    for (const [written, text] of Object.entries({ [file]: made.text, ...imports })) {
      writeFileSync(join(folder, written), text);
      console.log(`wrote ${written}`);
    }
    console.log('');
  }
  const [importFile] = Object.keys(imports);
  const command = importFile === undefined ? undefined : taken?.command(importFile, name);
  const problems = lacking(made.text, file, name);
  process.stdout.write(reportText({ stack: name, findings, entries, problems, ...(command && { command }) }));
}

function foundBy({ ansible, kamal, terraform, playbookDir, vars }: AdoptOptions): Found | TerraformFound {
  if (ansible !== undefined)
    return ansibleFound({ inventory: ansible, playbookFolder: playbookDir, variables: vars }, disk);
  if (kamal.length > 0) return kamalFound(kamal, disk);
  if (terraform !== undefined) return terraformFound(terraform, disk, clouds);
  throw new Error('there is nothing to adopt: give --ansible, --kamal or --terraform');
}

interface Entries {
  entries: readonly Entry[];
  cloud?: CloudBlocks;
  taken?: Taken;
}

/** The entries of systems on machines as they are, or those of a state on its own cloud */
async function entriesFrom(
  found: Found | TerraformFound,
  all: readonly Placed[],
  options: AdoptOptions,
  former: string | undefined,
  file: string,
): Promise<Entries> {
  const given = pairsOf('--option', options.option);
  if ('table' in found && !options.keepMachines) {
    const config = former === undefined ? undefined : environmentInput(former, file, 'x').config;
    const taken = takenOver(found, all, { config, buckets: pairsOf('--bucket', options.bucket), options: given });
    return { entries: taken.entries, cloud: taken.cloud, taken };
  }
  const hosts = all.flatMap(({ roles }) => Object.values(roles).flat());
  const looked = await lookedUp(placesOf(hosts), pairsOf('--address', options.address), options.knownHosts);
  return {
    entries: all.map((one) => entryOf(adopting, one, found, { ...looked, user: options.user, options: given })),
  };
}

/** The cloud of machines that exist */
const adopting = Object.values(clouds).find(({ capabilities }) => adoptsMachines(capabilities))?.name ?? '';

/** Returns what the file still lacks, as its loader says */
function lacking(text: string, file: string, stack: string): readonly Problem[] {
  try {
    loadEnvironment(environmentInput(text, file, stack), systems, clouds, { secrets: 'names' });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function pairsOf(option: string, given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new Error(`${option} ${text}: it has the form name=value`);
      return [name, value];
    }),
  );
}
