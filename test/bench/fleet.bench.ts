import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { inMachine, systemStack, type TestStack } from '../e2e/stack.ts';
import { recordingStack } from '../engine/recordingStack.ts';
import { type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { figure, repeated } from './samples.ts';
import { thousandWebsockets } from './websockets.ts';

/** What the size of a fleet costs: previews of the program, and releases on local machines */
export const measure: Measure = async () => [...(await recordedPreviews()), ...(await localFleet())];

const size = 's1-2';
const few = { api: 2, web: 2, client: 1 };
/** With balancer, front and Redis 32 machines; the others have 8 */
const many = { api: 14, web: 12, client: 3 };

/** Deployed with providers that only record, and previewed unchanged, by turns */
async function recordedPreviews(): Promise<Figure[]> {
  const [small, large] = [await recordingStack(), await recordingStack()];
  try {
    await small.timed('up', machinesOf(few));
    await large.timed('up', machinesOf(many));
    const rounds = await repeated(7, async () => ({
      small: await small.timed('preview', machinesOf(few)),
      large: await large.timed('preview', machinesOf(many)),
    }));
    return [
      figure(
        'preview of 8 recorded machines',
        rounds.map((round) => round.small),
        's',
      ),
      figure(
        'preview of 32 recorded machines, to that of 8',
        rounds.map((round) => round.large / round.small),
        '×',
        1.5,
      ),
    ];
  } finally {
    for (const stack of [small, large]) await stack.remove();
  }
}

const machinesOf = (counts: Readonly<Record<string, number>>): Stack => {
  const roles = Object.entries(counts).map(([role, count]) => [role, { count, size }]);
  return withSecrets(stackOf('mad', 'openstack', {}, Object.fromEntries(roles)));
};

/**
 * Three machines of Mad's API, which are released alone and then two at once, and five others. Then a thousand websockets
 * are held
 */
async function localFleet(): Promise<Figure[]> {
  const local = { size: 'small', diskGb: 10 };
  const stack = await systemStack({
    name: 'mad',
    entry: {
      ...{ cloud: 'local', version: 'v1.0.0', contact: 'ops@example.org' },
      domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
      api: { ...local, count: 3, rolling: { atOnce: 2 } },
      ...{ balancer: local, web: local, client: local, redis: local },
    },
    secrets: { redisPassword: 'mad-bench-0123456789' },
  });
  try {
    await deployed(stack);
    const idle = await repeated(3, () => deployed(stack, '--expect-no-changes'));
    const batches: number[] = [];
    for (const api of ['v1.0.1', 'v1.0.0']) {
      await stack.configure({ versions: { api } });
      await deployed(stack);
      const [first = 0, ...others] = await Promise.all([0, 1, 2].map((index) => hostSeconds(stack, `api-${index}`)));
      batches.push(first, Math.max(...others));
    }
    const websockets = await thousandWebsockets(stack, ['balancer-0', 'api-0', 'api-1', 'api-2', 'redis-0']);
    return [
      ...websockets,
      figure('up of 8 local machines with nothing to do', idle, 's', 5),
      figure('host work of a batch of the API, without the drain', batches, 's', 8),
    ];
  } finally {
    await stack.remove();
  }
}

async function deployed(stack: TestStack, ...words: string[]): Promise<number> {
  const { code, output, seconds } = await stack.up(...words);
  if (code !== 0) throw new Error(output);
  return seconds;
}

/** Pause of the machine's own edge before the former service is stopped */
const drainSeconds = 2;

/** Returns how long the last release worked on a machine, as it notes it for the node exporter */
async function hostSeconds(stack: TestStack, machine: string): Promise<number> {
  const command = "sed -n 's/^berth_release_duration_seconds{.*} //p' /var/lib/berth/figures/mad.release.prom";
  return Number(await inMachine(stack, command, machine)) - drainSeconds;
}
