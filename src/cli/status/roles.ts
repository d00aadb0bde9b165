import type { Pinged } from '../ping/machines.ts';
import type { Told } from '../ping/told.ts';

/** Machines of a role that run the same and are equally well */
export interface RoleGroup {
  /** Version of their release, with the images that differ within the role; null where that is not known */
  version: string | null;
  machines: readonly string[];
  /** What is wrong with them; empty where they are well */
  problems: readonly string[];
  /** Whether other machines of the role, or the stack's outputs, are at another version that came later */
  behind: boolean;
}

/** A machine as it answered, with its role */
export type RoleMachine = Pinged & { role: string };

/** Returns the machines of a system by role, grouped by what they run and how they are; the most recent group first */
export function roleGroups(pinged: readonly RoleMachine[]): Readonly<Record<string, readonly RoleGroup[]>> {
  const roles = [...new Set(pinged.map(({ role }) => role))];
  return Object.fromEntries(roles.map((role) => [role, groupsOf(pinged.filter((machine) => machine.role === role))]));
}

interface Seen {
  name: string;
  /** What it runs, as one text; undefined where that is not known */
  runs: string | undefined;
  version: string | null;
  problems: readonly string[];
  since: string;
  declared: string;
}

function groupsOf(machines: readonly Pinged[]): readonly RoleGroup[] {
  const seen = machines
    .map((machine) => seenOf(machine, machines))
    .sort((a, b) => (a.since < b.since ? 1 : -1) * Number(a.since !== b.since));
  const newest = seen.find(({ runs }) => runs !== undefined)?.runs;
  const groups = new Map<string, RoleGroup>();
  for (const { name, runs, version, problems, declared } of seen) {
    const key = JSON.stringify([runs, problems]);
    const other = groups.get(key)?.machines ?? [];
    const behind = runs !== undefined && (runs !== newest || version?.split(' ')[0] !== declared);
    groups.set(key, { version, problems, behind, machines: [...other, name].sort(byNumber) });
  }
  return [...groups.values()];
}

function seenOf({ name, version: declared, answer }: Pinged, all: readonly Pinged[]): Seen {
  const unknown = { name, declared, runs: undefined, version: null, since: '' };
  if (answer.kind === 'off') return { ...unknown, problems: [answer.hours] };
  if (answer.kind === 'failed') return { ...unknown, problems: [`login failed: ${answer.why}`] };
  const { told } = answer;
  const images = imagesOf(told);
  const alike = all.flatMap(({ answer: other }) =>
    other.kind === 'told' && other.told.version === told.version ? [imagesOf(other.told)] : [],
  );
  // Images that all machines of this version run tell none of them from the others
  const special = images.filter((image) => !alike.every((others) => others.includes(image)));
  return {
    ...{ name, declared, since: told.liveSince ?? '' },
    runs: JSON.stringify([told.version, images]),
    version: told.version === undefined ? null : [told.version, ...special.map(shortImage)].join(' '),
    problems: told.services.flatMap(({ name: service, wrong }) => (wrong === '' ? [] : [`${service}: ${wrong}`])),
  };
}

const imagesOf = ({ services }: Told): readonly string[] =>
  [...new Set(services.flatMap(({ image }) => (image === undefined ? [] : [image])))].sort();

/** Returns an image without its registry and path, for example `mad-api:v1.3.0` */
const shortImage = (image: string): string => image.slice(image.lastIndexOf('/') + 1);

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
