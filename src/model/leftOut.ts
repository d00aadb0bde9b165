import type { Blueprint, LeftOut, Role } from './blueprint.ts';
import { imagesOf, repositoryOf } from './images.ts';
import { isProgram, type Job, type JobStep } from './job.ts';

/**
 * Returns the blueprint without services and jobs whose image is unavailable and without routes and calls to them;
 * `leftOut` lists what was removed
 * @param reasons why images are unavailable, by image repository
 */
export function withoutImages(blueprint: Blueprint, reasons: Readonly<Record<string, string>>): Blueprint {
  const leftOut = Object.entries(blueprint.roles).flatMap(([role, { services, jobs = [] }]): readonly LeftOut[] =>
    [...services, ...jobs].flatMap((one) => {
      const [reason] = imagesOf(one).flatMap((image) => reasons[repositoryOf(image)] ?? []);
      return reason === undefined ? [] : [{ role, service: one.name, reason }];
    }),
  );
  if (leftOut.length === 0) return blueprint;
  const roles = Object.entries(blueprint.roles).map(([name, role]) => [
    name,
    without(role, new Set(leftOut.filter((one) => one.role === name).map(({ service }) => service))),
  ]);
  return { ...blueprint, roles: Object.fromEntries(roles), leftOut };
}

function withoutCalls(job: Job, gone: ReadonlySet<string>): Job {
  const [first, ...others] = job.steps;
  const less = (step: JobStep): JobStep =>
    isProgram(step) ? step : { ...step, calls: step.calls.filter((name) => !gone.has(name)) };
  return { ...job, steps: [less(first), ...others.map(less)] };
}

function without(role: Role, gone: ReadonlySet<string>): Role {
  if (gone.size === 0) return role;
  const { edge } = role;
  return {
    ...role,
    ...(edge && { edge: { ...edge, routes: edge.routes.filter(({ service }) => !gone.has(service)) } }),
    services: role.services
      .filter(({ name }) => !gone.has(name))
      .map((service) => ({ ...service, calls: service.calls.filter((name) => !gone.has(name)) })),
    ...(role.jobs && { jobs: role.jobs.filter(({ name }) => !gone.has(name)).map((job) => withoutCalls(job, gone)) }),
  };
}
