import { Command } from 'commander';

interface Options {
  system?: string;
  out?: string;
}

export const renderCommand = (): Command =>
  new Command('render')
    .summary('every file of every machine')
    .description(
      'render every file of every machine; reads only the environment file: no engine, account, network or secret',
    )
    .argument('<stack>', 'the environment, for example preprod')
    .option('-s, --system <name>', 'this system only')
    .option('-o, --out <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', details)
    .action(render);

const details = `
Without --out everything is printed, each file below a line with its name. With --out, files of a former rendering that
are no longer produced are removed; a folder with any other files is refused.
  <machine>/user-data.yaml   the cloud-init user data
  <machine>/files/…          files as they are installed on the machine
  <machine>/…                inputs of the release engine: compose files, routes, tables, scripts
  <namespace>/<kind>-….yaml  objects of a system that is in a cluster, as its API gets them
Addresses that only the cloud knows are shown as documentation addresses (RFC 5737); other such values and secrets as

Examples:
  $ berth render preprod --out rendered
  $ berth render prod --system basegun | less`;

async function render(stack: string, { system, out }: Options): Promise<void> {
  const { readOffline } = await import('./environment.ts');
  const { machineFiles } = await import('./render/machineFiles.ts');
  const files = machineFiles(readOffline(stack), system);
  if (out === undefined) {
    process.stdout.write(Object.entries(files).map(printed).join('\n'));
    return;
  }
  const { writeRendering } = await import('./render/folder.ts');
  const { written, removed } = writeRendering(out, files);
  const machines = written.map((path) => path.slice(0, path.indexOf('/')));
  for (const machine of new Set(machines)) {
    console.log(`${out}/${machine}: ${machines.filter((name) => name === machine).length} files`);
  }
  for (const path of removed) console.log(`removed ${out}/${path}, which is no longer produced`);
}

const printed = ([path, content]: [string, string]): string =>
  `==> ${path} <==\n${content}${content === '' || content.endsWith('\n') ? '' : '\n'}`;
