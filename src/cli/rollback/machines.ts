import { userInfo } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import { engineCommand, stateFolder } from '../../render/paths.ts';
import { interactive } from '../init/answers.ts';
import type { RunnableStack } from '../run/start.ts';
import { shellWord } from '../shell.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { type RemoteRun, runRemoteCommand } from '../ssh/remoteScript.ts';
import { chosenOff } from '../status/off.ts';
import { printable } from '../table.ts';
import { chosenMachines } from '../update/order.ts';
import type { Watch } from '../watch/watch.ts';
import type { Actions } from './carryOut.ts';
import { toldHistory, toldWay } from './told.ts';

interface Wanted {
  stack: string;
  system: string;
  yes: boolean;
  really: string | undefined;
  watch: Watch;
}

const answerSeconds = 60;
/** As long as a release may take */
const backSeconds = 3600;

/**
 * Returns the machines of a system in the reverse order of a deployment, with what is done there over SSH: who calls goes
 * back before what it calls, since a newer service serves older callers, as it does in a deployment
 * @throws where the system has no machines, or one of them is off
 */
export async function machineActions(deployed: RunnableStack, wanted: Wanted): Promise<Actions> {
  const { system, really, yes, watch } = wanted;
  const chosen = [...chosenMachines(deployed.systems, deployed.blueprints, { system })].reverse();
  if (chosen.length === 0)
    throw new Error(`${system} has no machines: set its version with berth set-version, and deploy`);
  const off = await chosenOff(chosen);
  const offNow = chosen.flatMap(({ name }) => (off[name] === undefined ? [] : [`${name} is ${off[name]}`]));
  if (offNow.length > 0) throw new Error(`${offNow.join('; ')}: nothing was changed`);
  const key = await deployKeyOf(deployed.engine);
  const machineOf = (name: string) => {
    const found = chosen.find((one) => one.name === name);
    if (!found) throw new Error(`there is no machine ${name}`);
    return found.outputs;
  };
  const ask = async (name: string, words: readonly string[]): Promise<RemoteRun> => {
    const { user, address, port } = machineOf(name).ssh;
    try {
      return await runRemoteCommand(machineOf(name), key, hereWords(system, words), '', answerSeconds);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${name}: ${user}@${address}:${port} login failed: ${why}. Nothing was changed`);
    }
  };
  const meant = really === undefined ? [] : ['--really', really];
  return {
    machines: chosen.map(({ name }) => name),
    history: async (name) => {
      const run = await ask(name, ['history', system, '--json']);
      try {
        return toldHistory(run);
      } catch (error) {
        throw new Error(`${name}: ${error instanceof Error ? error.message : error}. Nothing was changed`);
      }
    },
    way: async (name, version) =>
      toldWay(await ask(name, ['rollback', system, '--to', version, '--plan', '--json', ...meant])),
    async back(name, release) {
      const words = ['rollback', system, '--to', release, '--yes', '--by', userInfo().username, ...meant];
      let said = '';
      const code = await watch.machine(name, async (line) => {
        const lines = lineReader(line);
        const command = hereWords(system, words);
        const run = await runRemoteCommand(machineOf(name), key, command, '', backSeconds, undefined, lines.add);
        lines.end();
        said = run.stdout.trimEnd();
        return run.code ?? 1;
      });
      if (said !== '') console.log(printable(said));
      return code;
    },
    agrees: () => agrees(yes),
    say: (line) => console.log(line),
  };
}

/** Returns the command line that asks the engine of a machine's live release */
export function hereWords(system: string, words: readonly string[]): string {
  const module = `${stateFolder(system)}/current/engine/here.py`;
  const older = 'its release was made by an older berth, which has no rollback: deploy a version instead';
  const asked = words.map(shellWord).join(' ');
  return `sudo -n test -e ${module} || { echo '${older}' >&2; exit 1; }; exec sudo -n ${engineCommand(system, 'here')} ${asked}`;
}

async function agrees(yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!interactive()) throw new Error('nobody can be asked here: add --yes. Nothing was changed');
  const { confirm } = await import('@inquirer/prompts');
  return confirm({ message: 'Roll back?', default: false });
}

/** Cuts output into lines as it comes */
function lineReader(line: (text: string) => void): { add(output: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    add(output) {
      const lines = `${rest}${decoder.write(output)}`.split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) line(one);
    },
    end() {
      if (rest !== '') line(rest);
    },
  };
}
