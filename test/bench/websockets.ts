import { setTimeout as sleep } from 'node:timers/promises';
import { placeOf, startVisitors } from '../../systems/mad/test/e2e/fleet/beside.ts';
import type { Figure } from '../../tools/lib/figures.ts';
import { eventually } from '../e2e/client.ts';
import { inMachine, type TestStack } from '../e2e/stack.ts';
import { figure } from './samples.ts';

const count = 1000;
const holdSeconds = 120;
/** Until all are connected: on a busy computer a handshake takes long, which is no drop */
const patienceSeconds = 600;

/**
 * Holds a thousand websockets of Mad's API for two minutes, from one address and through TLS, and returns how many were
 * dropped, and what memory and processor the services on their way took
 * @param machines with these services, by role and number
 */
export async function thousandWebsockets(stack: TestStack, machines: readonly string[]): Promise<Figure[]> {
  const outputs = await stack.outputs();
  const address = outputs.machines['mad-balancer-0']?.publicAddress ?? '';
  const visitors = await startVisitors(await placeOf(stack, { 'api.mad.localhost': address }), {
    kind: 'held',
    count,
    transports: ['websocket'],
  });
  try {
    const came = await eventually(patienceSeconds, visitors.report, ({ connected }) => connected === count);
    if (came.connected !== count) throw new Error(`not all websockets came: ${JSON.stringify(came)}`);
    const before = await usedBy(stack, machines);
    await sleep(holdSeconds * 1000);
    const after = await usedBy(stack, machines);
    const held = await visitors.report();
    if (held.drops > 0) console.error(`dropped: ${JSON.stringify(held)}`);
    return [
      figure('websockets dropped of 1,000 in two minutes', [held.drops], 'drops', 0),
      ...[...after].flatMap(([service, { memoryMb, seconds }]) => {
        const share = (100 * (seconds - (before.get(service)?.seconds ?? 0))) / holdSeconds;
        return [
          figure(`memory of ${service} with 1,000 websockets`, [memoryMb], 'MB'),
          figure(`processor of ${service} with 1,000 websockets, of one core`, [share], '%'),
        ];
      }),
    ];
  } finally {
    await visitors.close();
  }
}

interface Used {
  /** Of processor time */
  seconds: number;
  memoryMb: number;
}

const perContainer = `for name in $(docker ps --format '{{.Names}}'); do
  docker top "$name" -eo pid,cputimes,rss | awk -v name="$name" 'NR > 1 { t += $2; m += $3 } END { print name, t, m }'
done`;

/** Returns what the processes of each container have used until now, by machine and name */
async function usedBy(stack: TestStack, machines: readonly string[]): Promise<Map<string, Used>> {
  const texts = await Promise.all(machines.map((machine) => inMachine(stack, perContainer, machine)));
  return new Map(
    texts.flatMap((text, index) =>
      text.split('\n').flatMap((line): [string, Used][] => {
        const [name, seconds, kilobytes] = line.split(' ');
        if (!name) return [];
        const service = `${name.replace(/^mad-\w+-|-1$/g, '')} of ${machines[index]}`;
        return [[service, { seconds: Number(seconds), memoryMb: Number(kilobytes) / 1024 }]];
      }),
    ),
  );
}
