import { engineCommand, stateFolder } from '../../render/paths.ts';
import { shellWord } from '../shell.ts';

interface Wanted {
  system: string;
  /** A job, or with a command the service beside which it runs */
  what: string;
  command: readonly string[];
  /** What a job is told, by variable. @default nothing */
  parameters?: Readonly<Record<string, string>>;
}

/** Words for the machine's shell. A job is a unit of its own there, so that it outlives the connection */
export function remoteWords({ system, what, command, parameters = {} }: Wanted): string {
  const module = `${stateFolder(system)}/current/engine/${command.length > 0 ? 'one_off' : 'jobs'}.py`;
  const told = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const asked = [what, ...told, ...command].map(shellWord).join(' ');
  // Named for this call alone: a job's lock decides between two at once, and the second is told so
  const name = `${shellWord(`berth-asked-${system}-${what}`)}-$$`;
  const unit = `systemd-run --quiet --pipe --wait --collect --unit=${name}`;
  const older =
    'its release was made by an older berth, without jobs and commands: deploy it once, then run this again';
  const words =
    command.length > 0
      ? `${engineCommand(system, 'run')} ${asked}`
      : `${unit} -- ${engineCommand(system, 'job')} ${asked}`;
  return `sudo -n test -e ${module} || { echo '${older}' >&2; exit 1; }; exec sudo -n ${words}`;
}
