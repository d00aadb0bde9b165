import { deployKey } from '../../config/secrets.ts';
import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { Service } from '../../model/service.ts';
import { needsOf } from '../../model/value.ts';

/** Returns what the next deployment does where the value of a secret is another, one line for each user of the secret */
export function effectsOf(name: string, blueprints: readonly Blueprint[]): readonly string[] {
  if (name === deployKey) return ['every machine: the new key must be let in before the next deployment can log in'];
  const [system, own = ''] = name.split('/');
  if (system === 'registries') return ['pulls of images: nothing that runs is restarted'];
  const blueprint = blueprints.find((one) => one.system === system);
  const roles = Object.entries(blueprint?.roles ?? {}).flatMap(([role, declared]) =>
    ofRole(declared, own).map((what) => `${system}-${role}: ${what}`),
  );
  return roles.length > 0 ? roles : ['the cloud, or pulls of images: no service of the system reads it'];
}

function ofRole({ services, jobs = [], edge }: Role, name: string): readonly string[] {
  const reads = (part: unknown): boolean => needsOf(part).secrets.includes(name);
  return [
    ...services.filter(reads).map(effect),
    ...jobs
      .filter(reads)
      .map((job) => `job ${job.name} runs with it${'release' in job.when ? ' in that release' : ''}`),
    ...(reads(edge) ? ['the edge reads it without a restart'] : []),
  ];
}

const effect = ({ name, rollout }: Service): string =>
  rollout === 'colours'
    ? `${name} is started beside the running one, and no request fails`
    : `${name} is replaced: it is down until it has started again`;
