import { engineCommand, stateFolder } from '../../render/paths.ts';
import { openSession, type Session } from '../ssh/session.ts';
import type { ChosenMachine } from './order.ts';

/** Runs the update command of a machine's release, with its output on this terminal, and returns its exit code */
export function updateMachine({ system, name, outputs, key }: ChosenMachine & Pick<Session, 'key'>): Promise<number> {
  return openSession({ name, ...outputs.ssh, key, command: [updateWords(system)] });
}

/** Returns the command line for the machine's shell */
export function updateWords(system: string): string {
  const engine = `${stateFolder(system)}/current/engine`;
  const older =
    'its release was made by an older berth, which has no engine updates: deploy it once, then update again';
  return `sudo -n test -d ${engine} || { echo '${older}' >&2; exit 1; }; exec sudo -n ${engineCommand(system, 'update')}`;
}
