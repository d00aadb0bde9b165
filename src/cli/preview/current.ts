import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { groundOf } from '../deploy/ground.ts';
import { readOffline } from '../environment.ts';

/**
 * A stack as it would be deployed now: the file of a stack of local machines is made from the committed one, which may
 * have changed since it was deployed.
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
