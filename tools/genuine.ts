import { join } from 'node:path';
import { prepareEngine } from '../src/clouds/local/setUp/prepare.ts';
import { checkout, generated } from '../src/paths.ts';
import { runAttached } from '../src/process/attached.ts';
import { runMain } from '../src/process/command.ts';
import { createProgress } from '../src/process/progress.ts';
import { commandPluginFolder } from '../src/pulumi/commandPlugin.ts';
import { localPlace } from './lib/localPlace.ts';

// `npm run genuine`: what is tested of the command plugin's stand-in, on the genuine plugin, which must then be there.
void runMain(async () => {
  const { plugin } = await prepareEngine(localPlace, createProgress(join(generated, 'logs')));
  if (plugin.kind === 'stand-in') throw new Error(`the genuine command plugin is not available: ${plugin.reason}`);
  return runAttached('npm', ['test', '--', 'engine', 'command', 'ready'], {
    cwd: checkout,
    env: { ...process.env, BERTH_COMMAND_PLUGIN: commandPluginFolder(localPlace) },
  });
});
