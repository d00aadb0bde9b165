import { convergeCommand } from '../../src/hosts/commands.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { type LastRelease, lastRelease, send } from '../e2e/byHand.ts';
import { formerCommand, formerProgram } from '../e2e/former/program.ts';
import { writeProject } from '../e2e/project.ts';
import { type TestStack, testStack } from '../e2e/stack.ts';
import { againOnHost, sentAgain } from './converge.ts';
import { figure, secondsOf } from './samples.ts';

const versions = ['3.3.0', '3.3.1'] as const;
const batches = 3;

/** The release engine beside the shell script that it replaced, by turns on one machine of Basegun */
export const measure: Measure = async ({ log }) => {
  const stack = await testStack({}, {}, 'a project of its own');
  try {
    const former = await releasesBy(stack, await formerProgram(stack.place.folder), formerCommand);
    const present = await releasesBy(stack, undefined, convergeCommand);
    const hostKey = (await stack.outputs()).machines['basegun-web-0']?.ssh.hostKey ?? '';
    const seen = { former: samples(), present: samples() };
    for (let batch = 0; batch < batches; batch++) {
      await measured(stack, former, seen.former, hostKey, log);
      await measured(stack, present, seen.present, hostKey, log);
    }
    return figures(seen);
  } finally {
    await stack.remove();
  }
};

interface Releases {
  command: string;
  bundles: Record<(typeof versions)[number], LastRelease>;
}

/** Seconds */
interface Samples {
  onHost: number[];
  login: number[];
  again: number[];
  version: number[];
}

const samples = (): Samples => ({ onHost: [], login: [], again: [], version: [] });

/** Both versions as a program renders them for the stack's machine */
async function releasesBy(stack: TestStack, program: string | undefined, command: string): Promise<Releases> {
  await writeProject(stack.place.project, program);
  const bundles: Partial<Releases['bundles']> = {};
  for (const version of versions) {
    await stack.configure({ version });
    const { code, output } = await stack.up();
    if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
    bundles[version] = await lastRelease(stack);
  }
  return { command, bundles: bundles as Releases['bundles'] };
}

/** The first release of a batch may take over from the other engine, and is not counted */
async function measured(
  stack: TestStack,
  { command, bundles }: Releases,
  to: Samples,
  hostKey: string,
  log: (line: string) => void,
): Promise<void> {
  const release = async (version: (typeof versions)[number]) => {
    const { code, output } = await send(bundles[version], command).done;
    if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
  };
  await release(versions[0]);
  to.onHost.push(...(await againOnHost(stack, bundles[versions[0]], command, 6, log)));
  for (const { login, again } of await sentAgain(bundles[versions[0]], command, hostKey, 6, log)) {
    to.login.push(login);
    to.again.push(again);
  }
  for (const version of [versions[1], versions[0]]) to.version.push(await secondsOf(() => release(version)));
}

function figures({ former, present }: Record<'former' | 'present', Samples>): Figure[] {
  const beside = (name: string, what: keyof Samples, limit?: number, ratioLimit?: number): Figure[] => {
    const [before, now] = [
      figure(`${name}, former engine`, former[what], 's'),
      figure(name, present[what], 's', limit),
    ];
    const ratio = { name: `${name}, to the former engine`, measured: now.measured / before.measured, unit: '×' };
    return [before, now, { ...ratio, ...(ratioLimit !== undefined && { limit: ratioLimit }) }];
  };
  return [
    figure('a login that does nothing', [...former.login, ...present.login], 's'),
    ...beside('nothing to do, on the host', 'onHost', 0.3),
    ...beside('nothing to do, login included', 'again', 0.45),
    ...beside('another version, login included', 'version', undefined, 1),
  ];
}
