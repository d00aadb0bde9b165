import { Command } from 'commander';

interface Options {
  system?: string;
  out?: string;
}

export const renderCommand = (): Command =>
  new Command('render')
    .summary('every file of every machine')
    .description(
      'every file of every machine, made from the environment file alone: no engine, account, network or secret',
    )
    .argument('<stack>', 'the environment, for example preprod')
    .option('-s, --system <name>', 'this system only')
    .option('-o, --out <folder>', 'write the files below this folder instead of printing them')
    .addHelpText('after', details)
    .action(render);

const details = `
Without --out everything is printed, each file under a line with its name. With it, files of the folder's former
rendering that no longer belong are removed; a folder that holds anything else is refused.
  <machine>/user-data.yaml   what the machine boots with
  <machine>/files/…          files as they will stand on the machine
  <machine>/…                what the release is made with: compose files, routes, tables, scripts
What only the cloud knows is a documentation address (RFC 5737) or its name in angle brackets, as are secrets.

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
  for (const path of removed) console.log(`removed ${out}/${path}, which no longer belongs`);
}

const printed = ([path, content]: [string, string]): string =>
  `==> ${path} <==\n${content}${content === '' || content.endsWith('\n') ? '' : '\n'}`;
