import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './lib/command.ts';
import { together } from './lib/interrupt.ts';
import { checkout, generated } from './lib/paths.ts';
import { localPlace, type Place, stackExists } from './lib/place.ts';
import { prepare, prepareDocker, prepareEngine } from './lib/prepare.ts';
import { createProgress, duration, type Progress } from './lib/progress.ts';
import { destroy, outputs, sweep, up } from './lib/stack.ts';
import { welcome } from './lib/welcome.ts';

const usage = `npm run local                      set up what is missing and deploy the stack "local" on this machine
npm run local -- <system>          the same for the stack "local-<system>": ${others().join(', ')}
npm run local -- [system] --down   take it down again, with everything it made`;

const startedAt = Date.now();

await runCommand(async () => {
  const { down, help, system } = options();
  if (help) console.log(usage);
  else {
    const place = localPlace(system);
    const progress = createProgress(join(generated, 'logs'));
    return down ? takeDown(place, progress) : bringUp(place, progress);
  }
  return 0;
});

async function bringUp(place: Place, progress: Progress): Promise<number> {
  const { environment } = await prepare(place, progress, committedFile(place));
  progress.summary();
  const deployedAt = Date.now();
  const code = await up({ place, environment });
  if (code !== 0) throw new Error('the deployment failed, see above: put it right and run the same command again');
  console.log(welcome(place.stack, await outputs({ place, environment })));
  console.log(`\ndeployed in ${duration(since(deployedAt))}, ${duration(since(startedAt))} in all`);
  return 0;
}

async function takeDown(place: Place, progress: Progress): Promise<number> {
  const existed = stackExists(place);
  const [prepared] = await together([
    existed ? prepareEngine(place, progress) : Promise.resolve(undefined),
    prepareDocker(progress),
  ] as const);
  if (prepared) {
    const code = await destroy({ place, environment: prepared.environment });
    if (code !== 0) throw new Error('not everything could be taken down, see above: run the same command again');
  }
  const left = await sweep(place);
  for (const thing of left) console.log(`removed ${thing}, which an interrupted run had left`);
  console.log(
    existed || left.length > 0 ? 'everything is taken down' : 'nothing is deployed here: nothing to take down',
  );
  return 0;
}

function options(): { down?: boolean; help?: boolean; system?: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { down: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const [system, ...more] = positionals;
    if (more.length > 0) throw new Error(`one system at a time, not ${positionals.join(' and ')}`);
    if (system !== undefined && !others().includes(system)) throw new Error(`there is no Pulumi.local-${system}.yaml`);
    return { ...values, ...(system !== undefined && { system }) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; what there is:\n${usage}`);
  }
}

const committedFile = ({ stack }: Place): string => join(checkout, `Pulumi.${stack}.yaml`);

/** The systems that have a file of their own for this computer */
function others(): string[] {
  return readdirSync(checkout).flatMap((name) => /^Pulumi\.local-(\w+)\.yaml$/.exec(name)?.[1] ?? []);
}

function since(time: number): number {
  return (Date.now() - time) / 1000;
}
