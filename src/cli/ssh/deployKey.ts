import { type EngineStack, pulumi } from '../engine.ts';

/** The private half of a stack's deploy key, from its secrets */
export function deployKeyOf(on: EngineStack): Promise<string> {
  const settings = on.configFile === undefined ? [] : ['--config-file', on.configFile];
  return pulumi(on, ['config', 'get', '--path', 'berth:secrets["deployKey"]', ...settings]);
}
