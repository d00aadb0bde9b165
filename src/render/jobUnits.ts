import type { Job } from '../model/job.ts';
import type { HostFile } from './hostFiles.ts';
import { jobsHere } from './jobs.ts';
import type { MachineInput } from './machine.ts';
import { engineCommand } from './paths.ts';
import { templateText } from './template.ts';

/** The timers of a machine's jobs. A run that was missed, since the machine was off, is made up for at its next start */
export const jobUnits = (input: Pick<MachineInput, 'blueprint' | 'machine' | 'role'>): readonly HostFile[] =>
  jobsHere(input).flatMap((job) => ('calendar' in job.when ? units(input.blueprint.system, job, job.when) : []));

function units(system: string, { name }: Job, { calendar, zone }: { calendar: string; zone: string }) {
  const description = `Job ${name} of ${system}`;
  const command = `${engineCommand(system, 'job')} ${name}`;
  const texts = { service: { description, command }, timer: { description, calendar: `${calendar} ${zone}` } };
  return (['service', 'timer'] as const).map(
    (kind): HostFile => ({
      path: `/etc/systemd/system/berth-job-${system}-${name}.${kind}`,
      mode: '0644',
      content: templateText(`systemd/job.${kind}`, texts[kind]),
      activate: 'systemd',
    }),
  );
}
