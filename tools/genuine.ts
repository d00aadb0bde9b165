import { join } from 'node:path';
import { runAttached } from './lib/attached.ts';
import { runCommand } from './lib/command.ts';
import { commandPluginFolder } from './lib/command-plugin.ts';
import { checkout, generated } from './lib/paths.ts';
import { localPlace } from './lib/place.ts';
import { prepareEngine } from './lib/prepare.ts';
import { createProgress } from './lib/progress.ts';

// `npm run genuine`: what is tested of the command plugin's stand-in, on the genuine plugin, which must then be there.
void runCommand(async () => {
  const { plugin } = await prepareEngine(localPlace, createProgress(join(generated, 'logs')));
  if (plugin.kind === 'stand-in') throw new Error(`the genuine command plugin cannot be had: ${plugin.reason}`);
  return runAttached('npm', ['test', '--', 'engine', 'command', 'ready'], {
    cwd: checkout,
    env: { ...process.env, BERTH_COMMAND_PLUGIN: commandPluginFolder(localPlace) },
  });
});
