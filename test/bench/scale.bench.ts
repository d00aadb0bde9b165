import { mkdir, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { type RecordingStack, recordingStack } from '../engine/recordingStack.ts';
import { deployKey, type Stack } from '../stack/samples.ts';
import { computer, spread, table } from './peers/page.ts';
import { median, repeated } from './samples.ts';
import { line } from './scale/line.ts';
import { type Watched, watched, watchedProgram } from './scale/watched.ts';

const operator = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ops';
/** Machines of one stack (BERTH_SCALE_SIZES names others), in systems of at most 16, which is as many as a role has */
const sizes = (process.env.BERTH_SCALE_SIZES ?? '4,40,400').split(',').map(Number);
const perSystem = 16;
const rounds = Number(process.env.BERTH_SCALE_ROUNDS ?? 3);

type Name = 'first' | 'preview' | 'again';
const titles: Readonly<Record<Name, string>> = {
  first: 'first up',
  preview: 'preview, nothing changed',
  again: 'up, nothing changed',
};

/** A stack that grows, with providers that only record: time and memory, as lines with their slopes, into docs/performance.md */
export const measure: Measure = async ({ log }) => {
  const seen = new Map<number, Record<Name, Watched[]>>();
  const busy: number[] = [];
  for (const size of sizes) {
    const stack = await recordingStack();
    try {
      await writeSystems(stack, size);
      const environment = machinesOf(size);
      const first = await watched(stack, 'up', environment);
      const others = await repeated(rounds, async () => {
        busy.push(loadavg()[0] ?? 0);
        return {
          preview: await watched(stack, 'preview', environment),
          again: await watched(stack, 'up', environment),
        };
      });
      seen.set(size, {
        first: [first],
        preview: others.map(({ preview }) => preview),
        again: others.map(({ again }) => again),
      });
      log(`${size} machines: ${JSON.stringify(seen.get(size))}`);
    } finally {
      await stack.remove();
    }
  }
  await writeMarked('docs/performance.md', 'scale', page(seen, busy));
  return figures(seen);
};

const systemsOf = (size: number): { name: string; count: number }[] =>
  Array.from({ length: Math.ceil(size / perSystem) }, (_, at) => ({
    name: `fleet${at}`,
    count: Math.min(perSystem, size - at * perSystem),
  }));

/** Systems lie beside the project's file, where the program finds them */
async function writeSystems({ project }: RecordingStack, size: number): Promise<void> {
  await project.program(watchedProgram);
  const shared = JSON.stringify(join(checkout, 'test', 'bench', 'scale', 'fleet.ts'));
  for (const { name } of systemsOf(size)) {
    const folder = join(project.folder, 'systems', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'system.ts'), `import { fleet } from ${shared};\nexport default fleet('${name}');\n`);
  }
  await rm(join(project.folder, '.berth'), { recursive: true, force: true });
}

function machinesOf(size: number): Stack {
  const systems = systemsOf(size).map(({ name, count }) => [
    name,
    { cloud: 'openstack', region: 'GRA7', version: '1.0.0', web: { count, size: 'b2-7' } },
  ]);
  const config = {
    'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [operator] },
    'berth:clouds': { openstack: { project: '6e1f2a3b4c5d6e7f8091a2b3c4d5e6f7', network: 'private' } },
    'berth:systems': Object.fromEntries(systems),
    'berth:secrets': { deployKey },
  };
  // Its systems are those of the project, which no sample has
  return { system: 'mad', cloud: 'openstack', config };
}

const measures: readonly [string, (one: Watched) => number, number][] = [
  ['seconds', ({ seconds }) => seconds, 1],
  ["the engine's processor seconds", ({ engine }) => engine.seconds, 1],
  ["the program's processor seconds", ({ program }) => program.seconds, 1],
  ["the engine's memory, MB", ({ engine }) => engine.megabytes, 0],
  ["the program's memory, MB", ({ program }) => program.megabytes, 0],
];

function page(seen: ReadonlyMap<number, Record<Name, Watched[]>>, busy: readonly number[]): string {
  const rows = (Object.keys(titles) as Name[]).flatMap((name) =>
    measures.map(([what, of, digits]) => {
      const values = sizes.map((size) => (seen.get(size)?.[name] ?? []).map(of));
      const { slope, start } = line(sizes.map((size, at): [number, number] => [size, median(values[at] ?? [])]));
      return [
        `${titles[name]}: ${what}`,
        ...values.map((all) => spread(all, digits)),
        `${start.toFixed(digits)} + ${precise(slope)} × machines`,
      ];
    }),
  );
  return [
    `Measured ${computer()}; load of the computer ${Math.min(...busy).toFixed(1)}–${Math.max(...busy).toFixed(1)}; ${rounds} rounds, the first up once.`,
    table([['', ...sizes.map((size) => `${size} machines`), 'line'], ...rows]),
  ].join('\n\n');
}

const precise = (value: number): string => value.toPrecision(2);

function figures(seen: ReadonlyMap<number, Record<Name, Watched[]>>): Figure[] {
  return (['preview', 'again'] as const).map((name) => {
    const points = sizes.map((size): [number, number] => {
      const seconds = (seen.get(size)?.[name] ?? []).map((one) => one.seconds);
      return [size, median(seconds)];
    });
    return { name: `one more machine, ${titles[name]}`, measured: line(points).slope * 1000, unit: 'ms', limit: 60 };
  });
}
