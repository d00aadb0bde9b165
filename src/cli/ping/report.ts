import { table } from '../table.ts';
import type { Pinged } from './machines.ts';
import type { Told } from './told.ts';

/** From where on each is a problem. The script itself may take some seconds to answer */
const [clockSeconds, diskPercent, certificateDays] = [30, 90, 10];
const daySeconds = 86_400;

/** Returns the lines for a person, and whether every machine that is on is well */
export function report(pinged: readonly Pinged[]): { text: string; well: boolean } {
  const lines = pinged.map(machineLine);
  const head = ['MACHINE', 'LOGIN', 'CLOCK', 'DISK', 'RELEASE', 'SERVICES', 'CERTIFICATE'];
  const problems = lines.flatMap(({ name, problems: own }) => own.map((problem) => `${name}: ${problem}\n`));
  return {
    text: [
      table(
        head,
        lines.map(({ cells }) => cells),
      ),
      ...problems,
    ].join(''),
    well: problems.length === 0,
  };
}

interface Line {
  name: string;
  /** Name, login, clock, disk, release, services, certificate; fewer where it told nothing */
  cells: readonly string[];
  problems: readonly string[];
}

/** Returns what a machine told as words for a person, and its problems */
export function machineLine({ name, version, answer }: Pinged): Line {
  if (answer.kind === 'off') return { name, cells: [name, answer.hours], problems: [] };
  if (answer.kind === 'failed') return { name, cells: [name, 'failed'], problems: [`login failed: ${answer.why}`] };
  const { told, clockOffSeconds, now } = answer;
  const parts = [
    clock(clockOffSeconds),
    disk(told),
    release(told.version, version),
    services(told),
    certificate(told.certificateEnd, now),
  ];
  return {
    name,
    cells: [name, 'ok', ...parts.map(({ cell }) => cell)],
    problems: parts.flatMap(({ problem }) => problem ?? []),
  };
}

interface Part {
  cell: string;
  problem?: string;
}

function clock(seconds: number): Part {
  const rounded = Math.round(seconds) || 0;
  const cell = `${rounded < 0 ? '' : '+'}${rounded} s`;
  if (Math.abs(seconds) <= clockSeconds) return { cell };
  return { cell, problem: `its clock is off by ${cell}: see timedatectl on it` };
}

function disk({ disks }: Told): Part {
  const [fullest] = [...disks].sort((a, b) => b.usedPercent - a.usedPercent);
  if (!fullest) return { cell: 'unknown', problem: 'its disks could not be read' };
  const cell = `${fullest.usedPercent} % of ${fullest.folder}`;
  if (fullest.usedPercent < diskPercent) return { cell };
  return { cell, problem: `${cell} is used: see sudo du -xh --max-depth 2 ${fullest.folder} | sort -h | tail` };
}

function release(found: string | undefined, deployed: string): Part {
  const cell = shortVersion(found ?? 'none');
  if (found === deployed) return { cell };
  return { cell, problem: `its release is ${found ?? 'missing'}, and ${deployed} is deployed: deploy it again` };
}

/** Returns a version without the end of a commit's hash */
export const shortVersion = (version: string): string => version.replace(/^([0-9a-f]{8})[0-9a-f]{32}$/, '$1…');

function services({ services: all }: Told): Part {
  const wrong = all.filter((one) => one.wrong !== '');
  const cell = `${all.length - wrong.length} of ${all.length}`;
  if (wrong.length === 0) return { cell };
  return { cell, problem: wrong.map(({ name, wrong: how }) => `${name}: ${how}`).join('; ') };
}

function certificate(end: Date | undefined, now: Date): Part {
  if (!end) return { cell: '-' };
  const days = Math.floor((end.getTime() - now.getTime()) / 1000 / daySeconds);
  const cell = `${days} days`;
  if (days >= certificateDays) return { cell };
  return { cell, problem: `its certificate ends in ${cell}: see berth status` };
}
