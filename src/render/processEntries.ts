import { isProcess, type Source } from '../model/service.ts';
import type { ProcessDefinition } from './definition.ts';
import type { MachineInput } from './machine.ts';
import { builderOf, buildScript, programText } from './process.ts';
import { table } from './tables.ts';

/** What a bundle holds for processes: which sources are built how, who runs what, supervisor's programs */
export function processEntries(
  { blueprint: { system } }: MachineInput,
  processes: readonly ProcessDefinition[],
): Record<string, string> {
  if (processes.length === 0) return {};
  const sources = new Map<string, Source>(processes.map(({ service, spec }) => [spec.build, service.source]));
  return {
    'sources.tsv': table(
      'build repository revision user',
      [...sources].map(([build, { repository, revision }]) => [build, repository, revision, builderOf(system)]),
    ),
    'processes.tsv': table(
      'service user build seconds',
      processes.map(({ service, spec }) => [service.name, spec.user, spec.build, `${service.stopSeconds}`]),
    ),
    ...Object.fromEntries([...sources].map(([build, source]) => [`builds/${build}.sh`, buildScript(source)])),
    ...Object.fromEntries(
      processes.map(({ service, hash }) => [`supervisor/${service.name}.conf`, programText(system, service, hash)]),
    ),
  };
}

/** Debian's packages of a machine's processes; none where it has no process */
export function processPackages({ role }: MachineInput): readonly string[] {
  const processes = role.services.filter(isProcess);
  if (processes.length === 0) return [];
  return ['git', 'supervisor', ...processes.flatMap(({ source }) => source.packages)];
}
