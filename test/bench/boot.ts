import type { Figure } from '../../tools/lib/figures.ts';
import { client, eventually } from '../e2e/client.ts';
import { machineContainer, run, type TestStack } from '../e2e/stack.ts';
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
  const container = await machineContainer(stack);
  const former = await identity(container);
  const began = performance.now();
  const up = stack.up('--replace', urn);
  try {
    // The former one answers for a while yet
    await eventually(
      60,
      () => identity(container),
      (now) => now !== '' && now !== former,
    );
    const first = await eventually(
      120,
      // What was sent before anybody listened may stay unanswered
      () => Promise.race([site.get('/api/version'), silence(2000)]),
      (answer) => answer?.status === 200,
    );
    const seconds = (performance.now() - began) / 1000;
    const { code, output } = await up;
    if (code !== 0 || first?.status !== 200) throw new Error(`the machine was not made anew, or is silent:\n${output}`);
    return seconds;
  } finally {
    site.close();
    await up;
  }
}

const silence = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));

const identity = async (container: string): Promise<string> =>
  (await run('docker', ['ps', '--no-trunc', '--quiet', '--filter', `name=^${container}$`], process.env)).output.trim();

async function machineUrn(stack: TestStack): Promise<string> {
  const { output } = await stack.pulumi('stack', '--show-urns');
  const urn = /urn:\S+berthlocal:index:Machine::\S+/.exec(output)?.[0];
  if (!urn) throw new Error(`no machine in ${output}`);
  return urn;
}
