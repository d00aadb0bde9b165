import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { secondsOf } from './samples.ts';

const plugins = ['local/pulumi-resource-berthlocal', 'command/pulumi-resource-command'];

/** The seconds until each of the checkout's two plugins says its port, as the engine starts them: one after the other */
export async function startOfPlugins(): Promise<number> {
  let sum = 0;
  for (const plugin of plugins) sum += await startOf(join(checkout, 'src', 'plugins', plugin));
  return sum;
}

async function startOf(executable: string): Promise<number> {
  // It gets an engine's address, which it would call only when it has something to say
  const child = spawn(executable, ['127.0.0.1:1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const seconds = await secondsOf(() => once(child.stdout, 'data'));
  child.kill('SIGINT');
  await once(child, 'exit');
  return seconds;
}
