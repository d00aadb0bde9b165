import { type EngineStack, pulumi, settingsOf } from '../../pulumi/stack.ts';

/** The private half of a stack's deploy key, from its secrets */
export function deployKeyOf(on: EngineStack): Promise<string> {
  return pulumi(on, ['config', 'get', '--path', 'berth:secrets["deployKey"]', ...settingsOf(on)]);
}
