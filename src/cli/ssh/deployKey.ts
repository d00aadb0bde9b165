import { type EngineStack, pulumi, settingsOf } from '../../pulumi/stack.ts';

/** Reads a stack's private deploy key from its secrets */
export function deployKeyOf(on: EngineStack): Promise<string> {
  return pulumi(on, ['config', 'get', '--path', 'berth:secrets["deployKey"]', ...settingsOf(on)]);
}
