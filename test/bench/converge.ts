import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshArguments } from '../../src/cli/ssh/session.ts';
import { runLogged } from '../../src/process/stage.ts';
import { quoted } from '../../src/render/quoted.ts';
import type { LastRelease } from '../e2e/byHand.ts';
import { machineContainer, type TestStack } from '../e2e/stack.ts';
import { repeated, secondsOf } from './samples.ts';

type Log = (line: string) => void;

/** What an engine says of a release that a machine has; the second is the former engine's word */
const unchanged = /is (already live|in place)/;

/** Seconds of a release that a machine has, sent to it once more: with its login, and of the login alone */
export async function sentAgain(release: LastRelease, command: string, hostKey: string, rounds: number, log: Log) {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  try {
    const words = await sshWords(release, hostKey, folder);
    const login = () => runLogged('ssh', [...words, 'true'], { log });
    const again = async () => {
      const output = await runLogged('ssh', [...words, command], { log, input: release.bundle });
      if (!unchanged.test(output)) throw new Error(`not a release that is live:\n${output}`);
    };
    return await repeated(rounds, async () => ({ login: await secondsOf(login), again: await secondsOf(again) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Seconds of the same on the machine itself: received, unpacked, and every file and container looked at
 * @param machine role and number. @default `web-0`
 */
export async function againOnHost(
  stack: TestStack,
  { bundle }: LastRelease,
  command: string,
  rounds: number,
  log: Log,
  machine?: string,
) {
  const script = `set -eu; cat >/root/bundle
    for round in $(seq ${rounds}); do
      began=$EPOCHREALTIME; sh -c ${quoted(command)} </root/bundle >/root/said 2>&1; ended=$EPOCHREALTIME
      grep -qE ${quoted(unchanged.source)} /root/said; echo "$began $ended"
    done; rm /root/bundle /root/said`;
  const words = ['exec', '--interactive', await machineContainer(stack, machine), 'bash', '-c', script];
  const output = await runLogged('docker', words, { log, input: bundle });
  return output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .map(([began = 0, ended = 0]) => ended - began);
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
