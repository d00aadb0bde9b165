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
import { entryOf } from './entry.ts';
import { entriesText, environmentText } from './environmentText.ts';
import { disk } from './files.ts';
import type { Found } from './found.ts';
import { kamalFound } from './kamal/kamal.ts';
import { lookedUp } from './lookUp.ts';
import { placesOf } from './machines.ts';
import { placed, wantedSystem } from './places.ts';
import { reportText } from './report.ts';

export interface AdoptOptions {
  ansible?: string;
  kamal: readonly string[];
  playbookDir?: string;
  vars: readonly string[];
  system: readonly string[];
  address: readonly string[];
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
  const path = join(findProject(process.cwd()), file);
  const found = foundBy(options);
  const wanted = options.system.map(wantedSystem);
  const places = placed(found, wanted, systems);
  const hosts = places.placed.flatMap(({ roles }) => Object.values(roles).flat());
  const looked = await lookedUp(placesOf(hosts), addressesOf(options.address), options.knownHosts);
  const entries = places.placed.map((one) => entryOf(adopting, one, found, { ...looked, user: options.user }));
  const former = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const made = environmentText(options.dryRun ? undefined : former, file, entries);
  const findings: readonly Finding[] = [
    ...found.findings,
    ...places.findings,
    ...entries.flatMap((entry) => entry.findings),
    ...('finding' in made ? [made.finding] : []),
  ];
  if ('finding' in made || findings.some(({ kind }) => kind === 'refused')) throw new RefusedError(findings);
  if (options.dryRun) process.stdout.write(`${entriesText(entries)}\n`);
  else writeFileSync(path, made.text);
  if (!options.dryRun) console.log(`wrote ${file}\n`);
  process.stdout.write(reportText({ stack: name, findings, entries, problems: lacking(made.text, file, name) }));
}

function foundBy({ ansible, kamal, playbookDir, vars }: AdoptOptions): Found {
  if (ansible !== undefined)
    return ansibleFound({ inventory: ansible, playbookFolder: playbookDir, variables: vars }, disk);
  if (kamal.length > 0) return kamalFound(kamal, disk);
  throw new Error('there is nothing to adopt: give --ansible or --kamal');
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

function addressesOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, address] = /^([^=]+)=(.+)$/.exec(text) ?? [];
      if (name === undefined || address === undefined)
        throw new Error(`--address ${text}: write a name and its address, such as web.acme.org=203.0.113.10`);
      return [name, address];
    }),
  );
}
