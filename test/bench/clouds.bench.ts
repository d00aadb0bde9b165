import { execFile as execFileOfNode } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../../src/paths.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { recordingStack, theProgram } from '../engine/recordingStack.ts';
import { type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { allFour } from './allFour.ts';
import { figure, repeated, secondsOf } from './samples.ts';

const execFile = promisify(execFileOfNode);

/** What clouds cost the program: their SDKs, their machines, its memory */
export const measure: Measure = async () => [...(await starts()), ...(await previews())];

const clouds = ['openstack', 'azure', 'aws'] as const;

/** What is loaded before anything is declared, with a cloud's SDK and without one: by turns, each in its own process */
async function starts(): Promise<Figure[]> {
  const rounds = await repeated(7, async () => ({
    without: await startWith('existing'),
    openstack: await startWith('openstack'),
    azure: await startWith('azure'),
    aws: await startWith('aws'),
  }));
  return [
    figure(
      'start of the program without an SDK',
      rounds.map(({ without }) => without),
      's',
    ),
    ...clouds.map((cloud) =>
      figure(
        `with the SDK of ${cloud}, to that without`,
        rounds.map((round) => round[cloud] / round.without),
        '×',
        1.3,
      ),
    ),
  ];
}

/** The seconds until the program and one cloud are loaded */
function startWith(cloud: string): Promise<number> {
  const words = [join(checkout, 'src/start/start.js'), 'test/bench/start.ts', cloud];
  return secondsOf(() => execFile(process.execPath, words));
}

/** By the real engine, with providers that only record: of nothing, of all four systems, and of a fleet that grows */
async function previews(): Promise<Figure[]> {
  const [empty, all, fleet] = [await recordingStack(), await recordingStack(), await recordingStack()];
  try {
    await empty.project.program("import '@pulumi/pulumi';\n");
    await all.project.program(`${theProgram}${toldMemory}`);
    const four = allFour();
    await all.timed('up', four);
    const rounds = await repeated(7, async () => ({
      empty: await empty.timed('preview', four),
      emptyUp: await empty.timed('up', four),
      four: await all.timed('preview', four),
      fourUp: await all.timed('up', four),
      megabytes: Number(await readFile(join(all.project.folder, memoryFile), 'utf8')),
      few: await fleet.timed('preview', machinesOf(2)),
      many: await fleet.timed('preview', machinesOf(16)),
    }));
    return [
      figure(
        'preview of all four systems, to that of nothing',
        rounds.map((round) => round.four / round.empty),
        '×',
        2,
      ),
      figure(
        'up of all four with nothing to do, to that of nothing',
        rounds.map((round) => round.fourUp / round.emptyUp),
        '×',
        3,
      ),
      figure(
        'one more machine in a preview',
        rounds.map(({ few, many }) => ((many - few) / 14) * 1000),
        'ms',
        30,
      ),
      figure(
        'memory of the program of all four systems at its most',
        rounds.map(({ megabytes }) => megabytes),
        'MB',
        250,
      ),
    ];
  } finally {
    for (const stack of [empty, all, fleet]) await stack.remove();
  }
}

const memoryFile = 'memory';
/** At the program's end, in MB */
const toldMemory = `
import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync('${memoryFile}', String(process.resourceUsage().maxRSS / 1024)));
`;

const machinesOf = (count: number): Stack =>
  withSecrets(stackOf('mad', 'openstack', {}, { client: { count, size: 's1-2' } }));
