import type { DeclaredRole } from './blueprint.ts';
import { isProgram, type Job, type JobStep, type ProgramStep } from './job.ts';
import type { Container, Process, Service } from './service.ts';

/** Returns a role whose programs of a commit run in containers, as far as there are images with the same build */
export const inImages = ({ services, jobs, ...role }: DeclaredRole): DeclaredRole => ({
  ...role,
  services: services.map(contained),
  ...(jobs && { jobs: jobs.map(jobInImages) }),
});

function contained(service: Service): Service {
  if (service.kind === 'container' || service.image === undefined) return service;
  const { name, portVariable, loopback, calls, health } = service;
  return {
    ...{ kind: 'container', name, calls, rollout: 'colours' },
    ...container(service, service.image),
    ...(loopback !== undefined && { port: loopback }),
    env: { ...variables(service), ...(loopback !== undefined && { [portVariable]: `${loopback}` }) },
    health: { ...health, command: [] },
    stopSeconds: service.stopSeconds,
  };
}

const jobInImages = ({ steps: [first, ...others], ...job }: Job): Job => ({
  ...job,
  steps: [stepInImage(first), ...others.map(stepInImage)],
});

const stepInImage = (step: JobStep): JobStep =>
  isProgram(step) && step.image !== undefined
    ? { ...container(step, step.image), env: variables(step), calls: [], stopSeconds: stepSeconds }
    : step;

/** Seconds that a step of a job may take to end when it is asked to */
const stepSeconds = 20;

/** An unprivileged user, which no image has to know */
const user = '10001:0';

const container = (program: Process | ProgramStep, image: string) => ({
  image,
  ...words(program),
  ...(program.settings && { settings: program.settings }),
  secretFiles: Object.fromEntries(secrets(program).map(({ path, content }) => [path, content])),
  mounts: [],
  memoryMb: program.memoryMb,
  ...{ cpus: 1, user },
});

/** Containers start in the folder of the commit */
function words({ folder, command }: Process | ProgramStep): Pick<Container, 'command'> & { entrypoint: string } {
  const [program = '', ...others] = command;
  if (folder === '.') return { entrypoint: program, command: others };
  return { entrypoint: 'sh', command: ['-c', 'cd "$0" && exec "$@"', folder, ...command] };
}

/** Secret files by the variable that holds their path */
const secrets = ({ secretFiles = {} }: Process | ProgramStep) =>
  Object.entries(secretFiles).map(([variable, content]) => ({ variable, content, path: `/run/berth/${variable}` }));

const variables = (program: Process | ProgramStep) => ({
  ...program.env,
  ...Object.fromEntries(secrets(program).map(({ variable, path }) => [variable, path])),
});
