import { isProgram } from '../model/job.ts';
import { isProcess, type Source } from '../model/service.ts';
import { type Definition, ofProcesses, ofPrograms, type StepDefinition } from './definition.ts';
import { jobsHere } from './jobs.ts';
import type { MachineInput } from './machine.ts';
import { buildScript, programText } from './process.ts';
import { runtimeEntries, runtimePackages } from './runtimes.ts';

/** Returns the bundle entries of programs of commits: build scripts, and supervisor configurations of processes */
export function processEntries(
  { blueprint: { system } }: Pick<MachineInput, 'blueprint'>,
  all: readonly (Definition | StepDefinition)[],
): Record<string, string> {
  const sources = new Map<string, Source>(ofPrograms(all).map(({ service, spec }) => [spec.build, service.source]));
  return {
    ...Object.fromEntries([...sources].map(([build, source]) => [`builds/${build}.sh`, buildScript(system, source)])),
    ...runtimeEntries([...sources.values()]),
    ...Object.fromEntries(
      ofProcesses(all).map(({ service, hash }) => [
        `supervisor/${service.name}.conf`,
        programText(system, service, hash),
      ]),
    ),
  };
}

/** Returns the Debian packages that a machine's programs of commits need; empty without any */
export function processPackages(input: Pick<MachineInput, 'machine' | 'role'>): readonly string[] {
  const processes = input.role.services.filter(isProcess);
  const programs = jobsHere(input).flatMap(({ steps }) => steps.filter(isProgram));
  const sources = [...processes, ...programs].map(({ source }) => source);
  if (sources.length === 0) return [];
  return [
    'git',
    ...(processes.length > 0 ? ['supervisor'] : []),
    ...sources.flatMap((source) => [...source.packages, ...runtimePackages(source)]),
  ];
}
