import type { LastRelease, Sending } from '../../byHand.ts';
import { send } from '../../byHand.ts';
import { inMachine, machineContainer, run, type TestStack } from '../../stack.ts';
import type { FaultName } from './names.ts';
import { goOn } from './paused.ts';
import { emptied, filled } from './smallDisk.ts';

/** A release that stands at a step, and the release that was live before */
export interface Standing {
  stack: TestStack;
  first: Sending;
  former: LastRelease;
}

/** What is still to be done for the fault to be over, once the release has ended */
export interface Struck {
  /** Whether the release's end can't be heard any more */
  lost?: true;
  /** Says what went wrong with it */
  over?(): Promise<string>;
}

/** How each fault comes over a release that stands at a step; the release goes on with it */
export const strikes: Record<FaultName, (standing: Standing) => Promise<Struck>> = {
  killed: async ({ stack }) => {
    await inMachine(stack, 'systemctl kill --kill-whom=all --signal=KILL berth-converge.service');
    return {};
  },
  docker: async ({ stack }) => {
    await inMachine(stack, 'systemctl kill --signal=KILL docker.service');
    await goOn(stack);
    return { over: () => inMachine(stack, until('docker version')) };
  },
  ssh: async ({ stack, first }) => {
    first.drop();
    await goOn(stack);
    return { lost: true, over: () => ended(stack) };
  },
  power: async ({ stack, first }) => {
    const machine = await machineContainer(stack);
    await run('docker', ['kill', machine], process.env);
    first.drop();
    await run('docker', ['start', machine], process.env);
    return {
      lost: true,
      over: () => inMachine(stack, `${until('docker version')} && ${until('ssh-keyscan localhost')}`),
    };
  },
  disk: async ({ stack }) => {
    await filled(stack);
    await goOn(stack);
    return { over: () => emptied(stack) };
  },
  memory: async ({ stack }) => {
    const words = ['exec', await machineContainer(stack), 'python3', '-c', hog];
    const { code, output } = await run('docker', words, process.env);
    if (code !== 0) throw new Error(`nothing was killed for want of memory: ${output}`);
    // It goes on only where it was not what the kernel chose
    await goOn(stack);
    return {};
  },
  clock: async ({ stack }) => {
    await goOn(stack, 'clock back');
    return {};
  },
  registry: async ({ stack }) => {
    await cut(stack, 'reject');
    await goOn(stack);
    return { over: () => inMachine(stack, 'nft delete table inet cut') };
  },
  slow: async ({ stack }) => {
    await cut(stack, 'limit rate over 1 mbytes/second drop');
    await goOn(stack);
    return { over: () => inMachine(stack, 'nft delete table inet cut') };
  },
  second: async ({ stack, former }) => {
    const second = send(former);
    await inMachine(stack, until('test $(pgrep -cf "engin[e] start /var/lib/berth") -ge 2'));
    await goOn(stack);
    return {
      over: async () => {
        const { code, output } = await second.done;
        return code === 0 ? '' : `the second release failed: ${output}`;
      },
    };
  },
  dead: async ({ stack, first }) => {
    first.drop();
    await inMachine(
      stack,
      `kill -KILL $(pgrep -f "mktemp -d /var/lib/bert[h]|engin[e] start"); systemctl kill --kill-whom=all --signal=KILL berth-converge.service`,
    );
    return { lost: true, over: () => ended(stack) };
  },
};

const until = (what: string): string => `timeout 180 sh -c 'until ${what} >/dev/null 2>&1; do sleep 0.1; done'`;

const ended = (stack: TestStack): Promise<string> =>
  inMachine(
    stack,
    `timeout 120 sh -c 'while pgrep -f "engin[e] (start|converge) /var/lib/berth" >/dev/null; do sleep 0.1; done'`,
  );

/** Packets from and to the registry from which machines pull */
const cut = (stack: TestStack, what: string): Promise<string> =>
  inMachine(
    stack,
    `address=$(getent ahostsv4 registry.berth.test | awk '{ print $1; exit }')
     nft add table inet cut && nft add chain inet cut out '{ type filter hook output priority 0; }' &&
     nft add chain inet cut in '{ type filter hook input priority 0; }' &&
     nft add rule inet cut out ip daddr "$address" ${what} && nft add rule inet cut in ip saddr "$address" ${what}`,
  );

/**
 * Takes the machine's memory by many small programs, until the kernel has killed something else, which is larger than any
 * of them
 */
const hog = `
import os, signal, time
from pathlib import Path
def kills():
    lines = Path("/proc/vmstat").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("oom_kill ")))
before, held, end = kills(), set(), time.monotonic() + 80
try:
    while kills() == before:
        if time.monotonic() > end:
            raise SystemExit("the kernel has killed nothing else")
        child = os.fork()
        if child == 0:
            taken = b"x" * (12 << 20)
            signal.pause()
        held.add(child)
        gone = {one for one in held if os.waitpid(one, os.WNOHANG)[0]}
        if gone:
            held, before = held - gone, kills()
finally:
    for one in held:
        os.kill(one, signal.SIGKILL)
`;
