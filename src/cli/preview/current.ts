import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { groundOf } from '../deploy/ground.ts';
import { readOffline } from '../environment.ts';

/**
 * Returns a stack as it would be deployed now. The settings of a local stack are generated again from the committed
 * file, which may have changed since the last deployment.
 */
export async function currentStack(stack: string): Promise<EngineStack> {
  const on = await engineStack(stack);
  if (on.configFile === undefined) return on;
  const { environment } = readOffline(stack);
  const ground = await groundOf(stack, environment);
  try {
    return await ground.ready(ground.text);
  } finally {
    await ground.remove();
  }
}
