import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { entriesOf, type LastRelease, lastRelease } from '../../e2e/byHand.ts';
import type { ExistingStack } from '../../e2e/existing/stack.ts';
import { ansible } from './ansible.ts';
import { pulumiUp, sentRelease } from './berth.ts';
import { compose } from './compose.ts';
import { type Contender, type Desired, type Target, type Version, versions } from './contender.ts';
import { kamal } from './kamal.ts';
import type { PeerMachine } from './machine.ts';
import type { Log } from './project.ts';
import { workOf } from './work.ts';

/** A tool, and the machine that it has released Basegun to */
export interface Place {
  contender: Contender;
  on: PeerMachine;
}

export interface Field {
  places: readonly Place[];
  /** State of every machine */
  state: Desired;
  /** A machine that another tool has released to */
  withoutBerth: PeerMachine;
}

/**
 * Releases Basegun by every tool, on machines that are alike. berth comes first: the others are given the files that it sent
 * @param machine makes a machine
 */
export async function field(
  stack: ExistingStack,
  folder: string,
  machine: (name: string) => Promise<PeerMachine>,
  log: Log,
): Promise<Field> {
  const key = stack.privateKey;
  const state: Desired = { version: '3.3.1', secondNetwork: false };
  const place = async (name: string) => {
    await mkdir(join(folder, name), { recursive: true });
    return join(folder, name);
  };

  const berth = pulumiUp(stack, log);
  // Three of the tools leave the same files and the same containers, so they share a machine
  const [berthOn, shared, kamalOn] = await Promise.all(['berth', 'shared', 'kamal'].map(machine));
  if (!berthOn || !shared || !kamalOn) throw new Error('there are not enough machines');
  const bundles: Partial<Record<Version, LastRelease>> = {};
  for (const version of versions) {
    await berth.deploy(berthOn, { ...state, version });
    bundles[version] = await lastRelease(stack);
  }
  const sent = bundles as Record<Version, LastRelease>;
  const entries = entriesOf(sent[state.version]);
  const access = ({ host, wire }: Target) => ({ gateway: host.gateway, sshPort: wire.port });
  const work = (desired: Desired, to: Target) => workOf(entries, desired, access(berthOn), access(to));

  const [script, kamals] = [
    await compose(await place('compose'), key, work, log),
    await kamal(await place('kamal'), key, work, stack.images, log),
  ];
  for (const { contender, on } of [
    { contender: script, on: shared },
    { contender: kamals, on: kamalOn },
  ]) {
    log(`${contender.name}: its first release`);
    await contender.deploy(on, state);
    await contender.rest?.();
  }
  const places: Place[] = [
    { contender: berth, on: berthOn },
    { contender: sentRelease(sent, log), on: berthOn },
    { contender: await ansible('own', await place('ansible'), key, work, log), on: shared },
    { contender: await ansible('mitogen', await place('mitogen'), key, work, log), on: shared },
    { contender: script, on: shared },
    { contender: kamals, on: kamalOn },
  ];
  return { places, state, withoutBerth: shared };
}
