import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { examine } from '../../../clouds/local/setUp/examine.ts';
import { findProject } from '../../../config/file.ts';
import { registryHost, registryOf } from '../../../model/registries.ts';
import { placeIn } from '../../../pulumi/place.ts';
import { localStack } from '../localStack.ts';
import { everyImage, wantedIn } from '../wanted.ts';
import { findings, findingsText } from './findings.ts';

/**
 * Prints what this computer has and lacks
 * @returns the exit code: 1 where something is missing
 */
export async function diagnosis(): Promise<number> {
  const project = projectOf(process.cwd());
  const file = project && join(project, `Pulumi.${localStack}.yaml`);
  const wanted = file && existsSync(file) ? wantedIn(file, localStack) : everyImage;
  const place = project === undefined ? undefined : placeIn(project, localStack);
  const registries = [...(wanted.images ?? [])].map(registryOf).map(registryHost);
  const all = findings(await examine(place, wanted, [...new Set(['get.pulumi.com', ...registries])]));
  console.log(findingsText(all));
  return all.some(({ state }) => state === 'missing') ? 1 : 0;
}

function projectOf(folder: string): string | undefined {
  try {
    return findProject(folder);
  } catch {
    return undefined;
  }
}
