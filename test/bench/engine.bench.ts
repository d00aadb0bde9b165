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

/** The release engine beside the shell script that it replaced, by turns, each on a machine of Basegun of its own */
export const measure: Measure = async ({ log }) => {
  const stacks: TestStack[] = [];
  const made = async (program: (stack: TestStack) => Promise<string> | undefined, command: string) => {
    const stack = await testStack({}, {}, 'a project of its own');
    stacks.push(stack);
    await writeProject(stack.place.project, await program(stack));
    return releasesOn(stack, command);
  };
  try {
    const former = await made(({ place }) => formerProgram(place.folder), formerCommand);
    const present = await made(() => undefined, convergeCommand);
    const seen = { former: samples(), present: samples() };
    for (let batch = 0; batch < batches; batch++) {
      await measured(former, seen.former, log);
      await measured(present, seen.present, log);
    }
    return figures(seen);
  } finally {
    for (const stack of stacks) await stack.remove();
  }
};

interface Releases {
  stack: TestStack;
  hostKey: string;
  /** What receives a bundle */
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

/** Both versions, as the stack's machine was sent them */
async function releasesOn(stack: TestStack, command: string): Promise<Releases> {
  const bundles: Partial<Releases['bundles']> = {};
  for (const version of versions) {
    await stack.configure({ version });
    const { code, output } = await stack.up();
    if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
    bundles[version] = await lastRelease(stack);
  }
  const hostKey = (await stack.outputs()).machines['basegun-web-0']?.ssh.hostKey ?? '';
  return { stack, hostKey, command, bundles: bundles as Releases['bundles'] };
}

async function measured(
  { stack, hostKey, command, bundles }: Releases,
  to: Samples,
  log: (line: string) => void,
): Promise<void> {
  for (const version of versions) {
    const sent = await secondsOf(async () => {
      const { code, output } = await send(bundles[version], command).done;
      if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
    });
    to.version.push(sent);
    to.onHost.push(...(await againOnHost(stack, bundles[version], command, 4, log)));
    for (const { login, again } of await sentAgain(bundles[version], command, hostKey, 4, log)) {
      to.login.push(login);
      to.again.push(again);
    }
  }
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
