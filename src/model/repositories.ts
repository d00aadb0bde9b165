import type { Blueprint } from './blueprint.ts';
import { isProgram } from './job.ts';

/** Returns the git repositories that processes and jobs of a system are built from, without duplicates */
export const repositoriesOf = ({ roles }: Blueprint): readonly string[] => [
  ...new Set(
    Object.values(roles).flatMap(({ services, jobs = [] }) => [
      ...services.flatMap((service) => (service.kind === 'process' ? [service.source.repository] : [])),
      ...jobs.flatMap(({ steps }) => steps.flatMap((step) => (isProgram(step) ? [step.source.repository] : []))),
    ]),
  ),
];
