import { engineCommand, stateFolder } from '../../render/paths.ts';
import { shellWord } from '../shell.ts';

interface Wanted {
  system: string;
  /** A job, or with a command the service beside which it runs */
  what: string;
  command: readonly string[];
}

/** Words for the machine's shell. A job is a unit of its own there, so that it outlives the connection */
export function remoteWords({ system, what, command }: Wanted): string {
  const module = `${stateFolder(system)}/current/engine/${command.length > 0 ? 'one_off' : 'jobs'}.py`;
  const older =
    'its release was made by an older berth, without jobs and commands: deploy it once, then run this again';
  const asked = [what, ...command].map(shellWord).join(' ');
  const unit = `systemd-run --quiet --pipe --wait --collect --unit=${shellWord(`berth-asked-${system}-${what}`)}`;
  const words =
    command.length > 0
      ? `${engineCommand(system, 'run')} ${asked}`
      : `${unit} -- ${engineCommand(system, 'job')} ${asked}`;
  return `sudo -n test -e ${module} || { echo '${older}' >&2; exit 1; }; exec sudo -n ${words}`;
}
