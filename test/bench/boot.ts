import type { Figure } from '../../tools/lib/figures.ts';
import { type Client, client } from '../e2e/client.ts';
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
  const site = await client(stack, address);
  const began = performance.now();
  const up = stack.up('--replace', urn);
  try {
    await answering(site, began, false);
    const seconds = await answering(site, began, true);
    const { code, output } = await up;
    if (code !== 0) throw new Error(`the machine was not made anew:\n${output}`);
    return seconds;
  } finally {
    site.close();
    await up;
  }
}

/** Waits until the site answers, or no longer does; gives the seconds since the beginning */
async function answering(site: Client, began: number, wanted: boolean): Promise<number> {
  for (;;) {
    const answers = await site.get('/api/version').then(
      ({ status }) => status === 200,
      () => false,
    );
    const seconds = (performance.now() - began) / 1000;
    if (answers === wanted) return seconds;
    if (seconds > 180) throw new Error(`the site ${wanted ? 'does not answer' : 'still answers'} after 180 s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function machineUrn(stack: TestStack): Promise<string> {
  const { output } = await stack.pulumi('stack', '--show-urns');
  const urn = /urn:\S+berthlocal:index:Machine::\S+/.exec(output)?.[0];
  if (!urn) throw new Error(`no machine in ${output}`);
  return urn;
}
