import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshArguments } from '../../src/cli/ssh/session.ts';
import { convergeCommand } from '../../src/hosts/commands.ts';
import { runLogged } from '../../src/process/stage.ts';
import type { Figure } from '../../tools/lib/figures.ts';
import type { LastRelease } from '../e2e/byHand.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** The release that a machine has, sent to it once more: login, transfer, and a look at every file and container */
export async function converge(release: LastRelease, hostKey: string, log: (line: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  try {
    const words = await sshWords(release, hostKey, folder);
    const login = () => runLogged('ssh', [...words, 'true'], { log });
    const again = async () => {
      const output = await runLogged('ssh', [...words, convergeCommand], { log, input: release.bundle });
      if (!output.includes('is in place')) throw new Error(`not a release that is in place:\n${output}`);
    };
    const pairs = await repeated(15, async () => ({ login: await secondsOf(login), again: await secondsOf(again) }));
    return [
      figure(
        'a login that does nothing',
        pairs.map((pair) => pair.login),
        's',
      ),
      figure(
        'converge with nothing to do, login included',
        pairs.map((pair) => pair.again),
        's',
        0.6,
      ),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As `berth ssh` connects: the stack's key, the machine's pinned one */
async function sshWords(release: LastRelease, hostKey: string, folder: string): Promise<string[]> {
  const { host, port, user, privateKey } = release;
  const knownHosts = join(folder, 'known_hosts');
  const identity = join(folder, 'identity');
  await writeFile(knownHosts, `machine ${hostKey.trim()}\n`);
  await writeFile(identity, `${privateKey.trim()}\n`, { mode: 0o600 });
  const session = { name: 'machine', address: host, port, user, hostKey, key: { text: privateKey }, command: [] };
  return [...sshArguments(session, { knownHosts, identity, interactive: false })];
}
