import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './lib/command.ts';
import { deployLocal } from './lib/deploy-local.ts';
import { together } from './lib/interrupt.ts';
import { checkout, generated } from './lib/paths.ts';
import { localPlace, stackExists } from './lib/place.ts';
import { prepare, prepareDocker, prepareEngine } from './lib/prepare.ts';
import { createProgress, duration, type Progress } from './lib/progress.ts';
import { destroy, outputs, sweep } from './lib/stack.ts';
import { wantedIn } from './lib/wanted.ts';
import { welcome } from './lib/welcome.ts';

const usage = `npm run local             set up what is missing and deploy the stack "local" on this machine
npm run local -- --down   take it down again, with everything it made`;

const startedAt = Date.now();
/** As `berth deploy` waits unless told otherwise */
const healthSeconds = 120;

void runCommand(async () => {
  const { down, help } = options();
  if (help) console.log(usage);
  else {
    const progress = createProgress(join(generated, 'logs'));
    return down ? takeDown(progress) : bringUp(progress);
  }
  return 0;
});

async function bringUp(progress: Progress): Promise<number> {
  const committed = join(checkout, 'Pulumi.local.yaml');
  const wanted = wantedIn(committed, localPlace.stack);
  const { environment } = await prepare(localPlace, progress, committed, {}, wanted);
  progress.summary();
  const deployedAt = Date.now();
  const { healthy } = await deployLocal({ place: localPlace, environment }, healthSeconds);
  if (!healthy) {
    console.error('\nnot everything is healthy, see above: npx berth ssh local <machine> opens a shell on a machine');
    return 1;
  }
  console.log(welcome(await outputs({ place: localPlace, environment })));
  console.log(`\ndeployed in ${duration(since(deployedAt))}, ${duration(since(startedAt))} in all`);
  return 0;
}

async function takeDown(progress: Progress): Promise<number> {
  const existed = stackExists(localPlace);
  const [prepared] = await together([
    existed ? prepareEngine(localPlace, progress) : Promise.resolve(undefined),
    prepareDocker(progress),
  ] as const);
  if (prepared) {
    const code = await destroy({ place: localPlace, environment: prepared.environment });
    if (code !== 0) throw new Error('not everything could be taken down, see above: run the same command again');
  }
  const left = await sweep(localPlace);
  for (const thing of left) console.log(`removed ${thing}, which an interrupted run had left`);
  console.log(
    existed || left.length > 0 ? 'everything is taken down' : 'nothing is deployed here: nothing to take down',
  );
  return 0;
}

function options(): { down?: boolean; help?: boolean } {
  try {
    return parseArgs({ options: { down: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}; what there is:\n${usage}`);
  }
}

function since(time: number): number {
  return (Date.now() - time) / 1000;
}
