import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubernetesPlugin, kubernetesVersion } from '../../src/clouds/local/cluster/plugin.ts';
import { kubeconfigSecret } from '../../src/clouds/local/cluster/settings.ts';
import { sweep } from '../../src/clouds/local/setUp/stack.ts';
import { checkout } from '../../src/paths.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { kept } from '../cluster/kept.ts';
import { type ClusterStack, clusterStack } from '../cluster/stack.ts';
import { startedCluster, type TestCluster } from '../cluster/started.ts';
import { type RecordingStack, recordingStack } from '../engine/recordingStack.ts';
import { deployKey, type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { simulatedNodes } from './cluster/kwok.ts';
import { computer, table } from './peers/page.ts';
import { figure, repeated } from './samples.ts';
import { line } from './scale/line.ts';
import { type Watched, watched, watchedProgram } from './scale/watched.ts';

/** Systems of five roles in one stack (BERTH_CLUSTER_SIZES names others) */
const sizes = (process.env.BERTH_CLUSTER_SIZES ?? '10,50,200').split(',').map(Number);

/** Basegun in a real cluster beside Basegun on machines, and many systems on nodes that are simulated, into docs/performance.md */
export const measure: Measure = async ({ log }) => {
  for (const one of kept) if (!(await one.isThere())) await one.make(log);
  const folder = await mkdtemp(join(tmpdir(), 'berth-cluster-bench-'));
  const place = { stack: `cluster-bench-${process.pid}`, folder, project: checkout };
  try {
    const cluster = await startedCluster(place, 1);
    return [...(await basegun(cluster, log)), ...(await many(cluster, log))];
  } finally {
    await sweep(place);
    await rm(folder, { recursive: true, force: true });
  }
};

const web = (replicas: number) => ({ web: { replicas } });

async function basegun(cluster: TestCluster, log: (line: string) => void): Promise<Figure[]> {
  const machines = await recordingStack();
  const stack = await clusterStack(cluster, {
    name: 'basegun',
    entry: { version: '3.3.0', domain: 'basegun.berth.test', tls: 'acme', contact: 'ops@berth.test', ...web(2) },
    buckets: ['uploads'],
    logStreams: ['app'],
  });
  try {
    const sample = withSecrets(stackOf('basegun', 'openstack'));
    await machines.timed('up', sample);
    await succeeded(stack, 'up');
    const rounds = await repeated(5, async () => ({
      machines: await machines.timed('preview', sample),
      pods: await succeeded(stack, 'preview'),
      nothing: await succeeded(stack, 'up'),
    }));
    const versions = await repeated(4, async (round) => {
      await stack.configure({ version: round % 2 === 0 ? '3.3.1' : '3.3.0' });
      return succeeded(stack, 'up');
    });
    const hundred = await repeated(5, async () => {
      await stack.configure(web(2));
      const few = await succeeded(stack, 'preview');
      await stack.configure(web(102));
      return { few, many: await succeeded(stack, 'preview') };
    });
    log(JSON.stringify({ rounds, versions, hundred }));
    return [
      figure(
        'preview of Basegun in a cluster, to that on machines',
        rounds.map((one) => one.pods / one.machines),
        '×',
        1.5,
      ),
      figure(
        'up in a cluster with nothing to do',
        rounds.map((one) => one.nothing),
        's',
        6,
      ),
      figure('a new version of two pods, whole', versions, 's', 15),
      figure(
        'preview of a hundred pods more, to that without',
        hundred.map(({ few, many }) => many / few),
        '×',
        1.1,
      ),
    ];
  } finally {
    await stack.remove();
    await machines.remove();
  }
}

async function succeeded(stack: ClusterStack, command: 'up' | 'preview'): Promise<number> {
  const { code, output, seconds } = await (command === 'up'
    ? stack.up()
    : stack.pulumi('preview', '--non-interactive'));
  if (code !== 0) throw new Error(`the ${command} failed:\n${output}`);
  return seconds;
}

type Name = 'first' | 'preview' | 'again';
const titles: Readonly<Record<Name, string>> = {
  first: 'first up',
  preview: 'preview, nothing changed',
  again: 'up, nothing changed',
};

/** Time and memory over the number of systems, as lines with their slopes: by the genuine provider and API, on nodes that run nothing */
async function many(cluster: TestCluster, log: (line: string) => void): Promise<Figure[]> {
  const stop = await simulatedNodes(cluster, log);
  const seen = new Map<number, Record<Name, Watched>>();
  try {
    for (const size of sizes) {
      const stack = await recordingStack({
        ...{ packages: [], credentials: {} },
        plugins: { [`kubernetes-v${kubernetesVersion}`]: kubernetesPlugin() ?? '' },
      });
      try {
        await writeSystems(stack, size);
        const file = stackOfSystems(cluster, size);
        seen.set(size, {
          first: await watched(stack, 'up', file),
          preview: await watched(stack, 'preview', file),
          again: await watched(stack, 'up', file),
        });
        log(`${size} systems: ${JSON.stringify(seen.get(size))}`);
      } finally {
        await stack.remove();
        await cluster.kubectl('delete', 'namespace', '--selector=app.kubernetes.io/managed-by=berth', '--wait=false');
      }
    }
  } finally {
    stop();
  }
  await writeMarked('docs/performance.md', 'cluster', page(seen));
  return (['preview', 'again'] as const).map((name) => {
    const points = sizes.map((size): [number, number] => [size, seen.get(size)?.[name].seconds ?? Number.NaN]);
    return { name: `one more system of five roles, ${titles[name]}`, measured: line(points).slope * 1000, unit: 'ms' };
  });
}

const namesOf = (size: number): string[] => Array.from({ length: size }, (_, number) => `product${number}`);

/** Systems lie beside the project's file, where the program finds them */
async function writeSystems({ project }: RecordingStack, size: number): Promise<void> {
  await project.program(watchedProgram);
  const shared = JSON.stringify(join(checkout, 'test', 'bench', 'cluster', 'product.ts'));
  for (const name of namesOf(size)) {
    const folder = join(project.folder, 'systems', name);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'system.ts'),
      `import { product } from ${shared};\nexport default product('${name}');\n`,
    );
  }
  await rm(join(project.folder, '.berth'), { recursive: true, force: true });
}

function stackOfSystems({ kubeconfig }: TestCluster, size: number): Stack {
  const entry = { cloud: 'kubernetes', version: '1.0.0' };
  const config = {
    'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [] },
    'berth:systems': Object.fromEntries(namesOf(size).map((name) => [name, entry])),
    'berth:secrets': { deployKey, [kubeconfigSecret]: kubeconfig },
  };
  // Its systems are those of the project, which no sample has
  return { system: 'mad', cloud: 'kubernetes', config };
}

const measures: readonly [string, (one: Watched) => number, number][] = [
  ['seconds', ({ seconds }) => seconds, 1],
  ["the engine's memory, MB", ({ engine }) => engine.megabytes, 0],
  ["the program's memory, MB", ({ program }) => program.megabytes, 0],
];

function page(seen: ReadonlyMap<number, Record<Name, Watched>>): string {
  const rows = (Object.keys(titles) as Name[]).flatMap((name) =>
    measures.map(([what, of, digits]) => {
      const values = sizes.map((size) => {
        const one = seen.get(size)?.[name];
        return one ? of(one) : Number.NaN;
      });
      const { slope, start } = line(sizes.map((size, at): [number, number] => [size, values[at] ?? Number.NaN]));
      return [
        `${titles[name]}: ${what}`,
        ...values.map((value) => value.toFixed(digits)),
        `${start.toFixed(digits)} + ${slope.toPrecision(2)} × systems`,
      ];
    }),
  );
  return [
    `Measured ${computer()}; once each.`,
    table([['', ...sizes.map((size) => `${size} systems`), 'line'], ...rows]),
  ].join('\n\n');
}
