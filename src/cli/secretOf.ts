import { secretPath } from '../config/secrets.ts';
import { type EngineStack, pulumi, settingsOf } from '../pulumi/stack.ts';

/**
 * Reads a secret of a stack, which the engine decrypts
 * @param name as in `berth:secrets`
 */
export const secretOf = (on: EngineStack, name: string): Promise<string> =>
  pulumi(on, ['config', 'get', '--path', secretPath(name), ...settingsOf(on)]);
