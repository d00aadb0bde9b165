import { expect } from 'vitest';
import type { Peer } from '../../../../../test/e2e/bare/peer.ts';
import { answering, answeringFromMachine, openPorts } from '../../../../../test/e2e/reach.ts';
import type { TestStack } from '../../../../../test/e2e/stack.ts';

export interface Scanned {
  stack: TestStack;
  machines: readonly string[];
  addressOf(machine: string): string;
  /** The address by which the balancers are found */
  balancers: string;
  stranger: Peer;
}

// The computer tracks each connection that it opens for two minutes, and has room for 262,144: all ports in question from
// the first machine of each role to the first of each other, and those that anything listens on between all machines
const wide = '1-4000,6000-6500,26379-26379';
const narrow = '1-100,443-443,3000-3010,6379-6379,8000-8100,9080-9130,26379-26379';

const role = (machine: string): string => machine.replace(/-\d+$/, '');
const isFirst = (machine: string): boolean => machine.endsWith('-0');

/** Expects the ports that answer, from each machine and from a stranger, to be those that the matrix opens */
export async function scanned({ stack, machines, addressOf, balancers, stranger }: Scanned): Promise<void> {
  const open = await openPorts(stack);
  const strangers = await answering(stranger, [...new Set([balancers, ...machines.map(addressOf)])], wide);
  expect(strangers[balancers], "from a stranger to the balancers' address").toEqual(open('internet', 'balancer'));
  for (const to of machines)
    expect(strangers[addressOf(to)], `from a stranger to ${to}`).toEqual(open('internet', role(to)));
  for (const from of machines) {
    const others = machines.filter((machine) => role(machine) !== role(from));
    const widely = isFirst(from) ? others.filter(isFirst) : [];
    const scan = (to: readonly string[], spans: string) => answeringFromMachine(stack, from, to.map(addressOf), spans);
    const rest = others.filter((machine) => !widely.includes(machine));
    const found = { ...(await scan(widely, wide)), ...(await scan(rest, narrow)) };
    for (const to of others) expect(found[addressOf(to)], `from ${from} to ${to}`).toEqual(open(role(from), role(to)));
  }
}
