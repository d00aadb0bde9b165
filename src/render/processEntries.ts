import { isProcess, type Source } from '../model/service.ts';
import type { ProcessDefinition } from './definition.ts';
import type { MachineInput } from './machine.ts';
import { buildScript, programText } from './process.ts';

/** Returns the bundle entries of processes: build scripts and supervisor configurations */
export function processEntries(
  { blueprint: { system } }: MachineInput,
  processes: readonly ProcessDefinition[],
): Record<string, string> {
  if (processes.length === 0) return {};
  const sources = new Map<string, Source>(processes.map(({ service, spec }) => [spec.build, service.source]));
  return {
    ...Object.fromEntries([...sources].map(([build, source]) => [`builds/${build}.sh`, buildScript(source)])),
    ...Object.fromEntries(
      processes.map(({ service, hash }) => [`supervisor/${service.name}.conf`, programText(system, service, hash)]),
    ),
  };
}

/** Returns the Debian packages that a machine's processes need; empty without processes */
export function processPackages({ role }: MachineInput): readonly string[] {
  const processes = role.services.filter(isProcess);
  if (processes.length === 0) return [];
  return ['git', 'supervisor', ...processes.flatMap(({ source }) => source.packages)];
}
