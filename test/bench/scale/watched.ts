import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '../../engine/engine.ts';
import { type RecordingStack, theProgram } from '../../engine/recordingStack.ts';
import type { Stack } from '../../stack/samples.ts';

/** One run of the engine */
export interface Watched {
  seconds: number;
  /** Processor seconds, and MB of memory at the most */
  engine: Used;
  program: Used;
}

export interface Used {
  seconds: number;
  megabytes: number;
}

const told = 'used.json';

/** The program, which tells at its end what it used */
export const watchedProgram = `${theProgram}
import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync('${told}', JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }));
});
`;

/** Runs the engine, and looks at its process until it ends */
export async function watched(recorded: RecordingStack, command: Command, stack: Stack): Promise<Watched> {
  const { project } = recorded;
  await recorded.write(stack);
  const run = project.start(command, { env: recorded.attached(), logged: false });
  let engine: Used = { seconds: 0, megabytes: 0 };
  const timer = setInterval(() => void usedBy(run.pid).then((used) => (engine = used ?? engine)), 50);
  const { code, output, seconds } = await run.done;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the ${command} failed:\n${output}`);
  const program = JSON.parse(await readFile(join(project.folder, told), 'utf8')) as Used;
  return { seconds, engine, program };
}

/** Of the process itself, by /proc; nothing once it has ended */
async function usedBy(pid: number): Promise<Used | undefined> {
  try {
    const [stat, status] = await Promise.all(
      ['stat', 'status'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    const fields = (stat ?? '').replace(/.*\) /, '').split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const most = /VmHWM:\s+(\d+)/.exec(status ?? '')?.[1];
    return most === undefined ? undefined : { seconds: ticks / 100, megabytes: Number(most) / 1024 };
  } catch {
    return undefined;
  }
}
