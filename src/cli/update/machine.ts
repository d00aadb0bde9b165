import { stateFolder } from '../../render/paths.ts';
import { openSession, type Session } from '../ssh/session.ts';
import type { ChosenMachine } from './order.ts';

/**
 * Runs on a machine what its release brought for updates; what it says goes to this terminal as it comes.
 * @throws when it ends with anything but 0
 */
export async function updateMachine({
  system,
  name,
  outputs,
  key,
}: ChosenMachine & Pick<Session, 'key'>): Promise<void> {
  const code = await openSession({ name, ...outputs.ssh, key, command: [updateCommand(system)] });
  if (code !== 0) {
    throw new Error(
      `${name} was not updated as it should (code ${code}): see above; the machines that follow were left as they are`,
    );
  }
}

/** Words for the machine's shell */
export function updateCommand(system: string): string {
  const script = `${stateFolder(system)}/current/scripts/update.sh`;
  const older = 'its release is of an older berth, which updates no engine: deploy it once, then update again';
  return `sudo -n test -f ${script} || { echo '${older}' >&2; exit 1; }; exec sudo -n bash ${script}`;
}
