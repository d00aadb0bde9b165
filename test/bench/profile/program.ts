import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingStack } from '../../engine/recordingStack.ts';
import { theProgram } from '../../engine/recordingStack.ts';
import type { Stack } from '../../stack/samples.ts';

/** A profile of V8, as far as it is read here */
export interface CpuProfile {
  nodes: readonly {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: readonly number[];
  }[];
  samples: readonly number[];
  /** Microseconds since the sample before */
  timeDeltas: readonly number[];
}

const file = 'program.cpuprofile';

/** The program, profiled from before its first module is read until it ends */
const profiledProgram = `import { Session } from 'node:inspector';
import { writeFileSync } from 'node:fs';
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 500 });
session.post('Profiler.start');
process.on('exit', () => session.post('Profiler.stop', (error, { profile }) => writeFileSync('${file}', JSON.stringify(profile))));
const { default: program } = await import(${JSON.stringify(/"([^"]+)"/.exec(theProgram)?.[1])});
export default program;
`;

/** Profiles the program in a preview of a stack that is deployed and unchanged */
export async function profiledPreview(recorded: RecordingStack, stack: Stack): Promise<CpuProfile> {
  const { project } = recorded;
  await project.program(theProgram);
  await recorded.timed('up', stack);
  await project.program(profiledProgram);
  await recorded.timed('preview', stack);
  return JSON.parse(await readFile(join(project.folder, file), 'utf8')) as CpuProfile;
}
