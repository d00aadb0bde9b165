import type { Figure } from '../../tools/lib/figures.ts';
import { client } from '../e2e/client.ts';
import type { TestStack } from '../e2e/stack.ts';
import { figure, repeated } from './samples.ts';

/**
 * A machine made anew, with nothing on it, until Basegun answers 200 over HTTPS with a valid certificate. The clock
 * starts with the engine's process, and the former machine's answers don't count.
 */
export async function boot(stack: TestStack, address: string): Promise<Figure[]> {
  const urn = await machineUrn(stack);
  const samples = await repeated(3, () => untilItAnswers(stack, urn, address));
  return [figure('machine asked for → first 200 from Basegun', samples, 's', 60)];
}

async function untilItAnswers(stack: TestStack, urn: string, address: string): Promise<number> {
  const began = performance.now();
  let endedAt = Number.POSITIVE_INFINITY;
  const up = stack.up('--replace', urn).finally(() => {
    endedAt = performance.now();
  });
  const site = await client(stack, address);
  let gone = false;
  let seconds: number | undefined;
  try {
    while (seconds === undefined && performance.now() < endedAt + answersWithinMilliseconds) {
      const status = await site.get('/api/version').then(
        (answer) => answer.status,
        () => 0,
      );
      gone ||= status === 0;
      if (gone && status === 200) seconds = (performance.now() - began) / 1000;
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    site.close();
  }
  const { code, output } = await up;
  if (code !== 0) throw new Error(`the machine was not made anew:\n${output}`);
  if (seconds === undefined) throw new Error('the machine was made anew and does not answer');
  return seconds;
}

/** The certificate may come a moment after the release */
const answersWithinMilliseconds = 20_000;

async function machineUrn(stack: TestStack): Promise<string> {
  const { output } = await stack.pulumi('stack', '--show-urns');
  const urn = /urn:\S+berthlocal:index:Machine::\S+/.exec(output)?.[0];
  if (!urn) throw new Error(`no machine in ${output}`);
  return urn;
}
