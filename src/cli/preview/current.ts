import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { stackSourceOf } from '../deploy/stackSource.ts';
import { readOffline } from '../environment.ts';

/**
 * Returns a stack as it would be deployed now. The settings of a local stack are generated again from the committed
 * file, which may have changed since the last deployment.
 */
export async function currentStack(stack: string): Promise<EngineStack> {
  const on = await engineStack(stack);
  if (on.configFile === undefined) return on;
  const { environment } = readOffline(stack);
  const source = await stackSourceOf(stack, environment);
  try {
    return await source.ready(source.text);
  } finally {
    await source.remove();
  }
}
