import { type ContainerStep, isProgram, type Job, type JobStep, scratchFolder } from '../model/job.ts';
import type { Container } from '../model/service.ts';
import { baseNetwork, colourNetwork, labelled } from './compose.ts';
import {
  type ContainerDefinition,
  type Definition,
  defineContainer,
  defineProgram,
  ofContainers,
  type StepDefinition,
} from './definition.ts';
import { shortHash } from './hash.ts';
import type { MachineInput } from './machine.ts';
import { jobScratch } from './paths.ts';
import type { ReleaseJob } from './releaseFormat.ts';
import { yaml } from './yaml.ts';

/** A job with everything known */
export interface JobDefinition {
  job: Job;
  steps: readonly StepDefinition[];
  /** As a service's */
  hash: string;
}

/** Those that run once across machines are on the first of their role */
export const jobsHere = ({ role, machine }: Pick<MachineInput, 'machine' | 'role'>): readonly Job[] =>
  (role.jobs ?? []).filter(({ onceAcrossMachines }) => !onceAcrossMachines || machine.index === 0);

/**
 * The jobs of a machine
 * @throws on a call to a service that is not there, and on a name that two have
 */
export function jobDefinitions(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'machine' | 'role' | 'secrets'>,
): readonly JobDefinition[] {
  const { jobs = [], services } = input.role;
  const names = [...services, ...jobs].map(({ name }) => name);
  const twice = jobs.find(({ name }) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) throw new Error(`job ${twice.name} has the name of another job, or of a service`);
  return jobsHere(input).map((job) => {
    for (const name of job.steps.flatMap(callsOf))
      if (!services.some((service) => service.name === name))
        throw new Error(`job ${job.name} calls ${name}; its machine has ${services.map((one) => one.name).join(', ')}`);
    const steps = job.steps.map((step, index) => define(input, nameOf(job, index), step));
    return {
      job,
      steps,
      hash: shortHash(JSON.stringify([{ ...job, steps: undefined }, steps.map(({ hash }) => hash)])),
    };
  });
}

const nameOf = ({ name }: Job, index: number): string => `job-${name}-${index + 1}`;

const callsOf = (step: JobStep): readonly string[] => (isProgram(step) ? [] : step.calls);

const define = (
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'secrets'>,
  name: string,
  step: JobStep,
): StepDefinition =>
  isProgram(step)
    ? defineProgram(input, { ...step, kind: 'program', name })
    : defineContainer(input, containerOf(name, step), []);

const containerOf = (name: string, step: ContainerStep): Container => ({
  ...step,
  kind: 'container',
  name,
  rollout: 'replace',
});

/**
 * The compose file of jobs: its services are never brought up, each is run by itself and removed. Called services with two
 * colours are found in those that the host names.
 */
export function jobsFile(system: string, jobs: readonly JobDefinition[], services: readonly Definition[]): string {
  const coloured = new Set(
    services.flatMap(({ service: { kind, rollout, name } }) =>
      kind === 'container' && rollout === 'colours' ? [name] : [],
    ),
  );
  const calledOf = ({ service }: ContainerDefinition) => service.calls.filter((name) => coloured.has(name));
  const steps = jobs.flatMap((job) =>
    ofContainers(job.steps).map((step) => {
      const { restart: _, healthcheck: __, volumes, labels, ...spec } = labelled(system, step);
      return [
        step.service.name,
        {
          ...spec,
          pull_policy: 'never',
          volumes: [...volumes, `${jobScratch(system, job.job.name)}:${scratchFolder}`],
          labels: { ...labels, 'berth.job': job.job.name },
          networks: ['base', ...calledOf(step)],
        },
      ] as const;
    }),
  );
  const called = new Set(jobs.flatMap((job) => ofContainers(job.steps).flatMap(calledOf)));
  const networks = [...called].map((name) => [name, colourNetwork(system, name)]);
  return yaml({
    services: Object.fromEntries(steps),
    networks: { base: baseNetwork(system), ...Object.fromEntries(networks) },
  });
}

/** What its steps may take at once: those that stream run together with the next */
function memoryMb(steps: Job['steps']): number {
  let most = 0;
  let together = 0;
  for (const step of steps) {
    together += step.memoryMb;
    most = Math.max(most, together);
    if (!streams(step)) together = 0;
  }
  return most;
}

/** A job as its machine reads it */
export const releaseJob = ({ job, steps, hash }: JobDefinition): ReleaseJob => ({
  name: job.name,
  when: 'release' in job.when ? 'release' : 'calendar' in job.when ? 'calendar' : 'asked',
  definition: hash,
  deadlineSeconds: job.deadlineSeconds,
  memoryMb: memoryMb(job.steps),
  steps: steps.map((step, index) => stepOf(step, job.steps[index])),
  ...(job.parameters && { parameters: job.parameters }),
});

const streams = (step: JobStep | undefined): boolean =>
  step !== undefined && 'streams' in step && step.streams === true;

const stepOf = (step: StepDefinition, declared: JobStep | undefined): ReleaseJob['steps'][number] => ({
  ...{ service: step.service.name, definition: step.hash },
  ...('image' in step
    ? { calls: step.service.calls }
    : { calls: [], program: { user: step.spec.user, build: step.spec.build } }),
  ...(streams(declared) && { streams: true }),
});
