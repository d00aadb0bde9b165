import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until the answer is not `undefined`
 * @throws after the deadline, with the text of `describe`, or at once when the user stops the engine
 */
export async function until<T>(
  timeoutSeconds: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined>,
  describe: () => Promise<string>,
): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(await describe());
    await sleep(200, undefined, { signal });
  }
}
