import { z } from 'zod';
import type { Blueprint } from '../../../model/blueprint.ts';
import { whenOf } from '../../../render/diagram.ts';
import { engineCommand, stateFolder } from '../../../render/paths.ts';
import type { JobRecord, JobRow, Released, SeenMachine } from './data.ts';

/** Returns the shell script that tells, for root on a machine, what it has noted of jobs and releases: one line each */
export const notedScript = (system: string): string => `
for file in ${stateFolder(system)}/jobs/*.json; do
  [ ! -e "$file" ] || echo "job $(cat "$file")"
done
if [ -e ${stateFolder(system)}/current/engine/here.py ]; then
  echo "history $(${engineCommand(system, 'here')} history ${system} --json </dev/null 2>/dev/null)"
fi
`;

const record = z
  .object({
    ...{ job: z.string(), version: z.string(), result: z.string() },
    ...{ began: z.number(), seconds: z.number(), last_success: z.number() },
    told: z.string().default(''),
  })
  .transform(
    ({ last_success: lastSuccess, told, ...rest }): JobRecord => ({ ...rest, lastSuccess, figures: figuresIn(told) }),
  );

const releases = z.array(
  z.object({
    ...{ at: z.string(), version: z.string(), way: z.string().default('release') },
    ...{ by: z.string().default(''), seconds: z.number().default(0) },
  }),
);

/** So many of the last releases are shown of a machine */
const mostReleases = 5;

/** Reads what the script printed; a line that is something else is left out */
export function readNoted(stdout: string): { jobs: readonly JobRecord[]; releases: readonly Released[] } {
  const all = (word: string): readonly unknown[] =>
    stdout.split('\n').flatMap((line) => (line.startsWith(`${word} `) ? [json(line.slice(word.length + 1))] : []));
  return {
    jobs: all('job').flatMap((one) => record.safeParse(one).data ?? []),
    releases: all('history')
      .flatMap((one) => releases.safeParse(one).data ?? [])
      .slice(0, mostReleases),
  };
}

const figuresIn = (told: string): Readonly<Record<string, number>> =>
  Object.fromEntries([...told.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Returns the declared jobs with their last run, that of the machine where it failed before others. Jobs that nobody has
 * asked for yet, and those that only list backups, are left out.
 */
export const jobRows = (blueprints: readonly Blueprint[], machines: readonly SeenMachine[]): readonly JobRow[] =>
  blueprints.flatMap(({ system, roles }) =>
    Object.values(roles).flatMap(({ jobs = [] }) =>
      jobs.flatMap(({ name, when, backup }): JobRow[] => {
        const ran = machines
          .filter((machine) => machine.system === system)
          .flatMap(({ pinged, jobs: records }) =>
            records.filter(({ job }) => job === name).map((one) => ({ machine: pinged.name, record: one })),
          )
          .sort(
            (a, b) =>
              Number(b.record.result !== '') - Number(a.record.result !== '') || b.record.began - a.record.began,
          );
        if (backup?.does === 'list' || ('asked' in when && ran.length === 0)) return [];
        const { of, does } = backup ?? {};
        const ofBackup = of !== undefined && (does === 'take' || does === 'try') ? { backup: { of, does } } : {};
        return [{ system, name, when: whenOf(when), machine: '', ...ofBackup, ...ran[0] }];
      }),
    ),
  );
