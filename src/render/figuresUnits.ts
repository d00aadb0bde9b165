import { figuresReader } from '../model/job.ts';
import type { HostFile } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { engineCommand } from './paths.ts';
import { templateText } from './template.ts';

/** Returns the timer that has the figures of containers written, for a machine with an exporter that reads them */
export function figuresUnits({
  blueprint: { system },
  role,
}: Pick<MachineInput, 'blueprint' | 'role'>): readonly HostFile[] {
  if (!role.services.some(({ name }) => name === figuresReader)) return [];
  const description = `Figures of the containers of ${system}`;
  const texts = { service: { description, command: engineCommand(system, 'figures') }, timer: { description } };
  return (['service', 'timer'] as const).map((kind) => ({
    path: `/etc/systemd/system/berth-figures-${system}.${kind}`,
    mode: '0644',
    content: templateText(`systemd/figures.${kind}`, texts[kind]),
    activate: 'systemd',
  }));
}
