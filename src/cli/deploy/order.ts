import type { Update } from '../history.ts';

/** A deployment that stands, wholly or in parts of it */
export interface Deployed {
  commit: string;
  /** The system that it was of; without one, all */
  system?: string;
  /** It ended well, and was not the way back from one that failed */
  complete: boolean;
}

/** How the commit here is to a deployed one: the same, made from it, contained in it, or on another branch */
export type Relation = 'same' | 'newer' | 'older' | 'apart' | { unknown: string };

/** A deployed commit, and how the one here is to it */
export interface Compared extends Deployed {
  relation: Relation;
}

/** What becomes of a commit that is older than what is deployed */
export const olderChoices = ['refuse', 'skip', 'deploy'] as const;
export type Older = (typeof olderChoices)[number];

/** Whether the commit here is deployed, and what decides that */
export type Order =
  /** `apart`: what it goes over and does not contain */
  | { kind: 'deploy'; apart: readonly Deployed[] }
  /** All that it brings is deployed, with more */
  | { kind: 'superseded'; by: Deployed }
  | { kind: 'older'; than: Deployed }
  | { kind: 'unknown'; than: Deployed; reason: string };

/** What the engine notes of a deployment beside its commit */
export const messageOf = (at: Date, system?: string, back = false): string =>
  `berth deploy${system === undefined ? '' : ` --system ${system}`}${back ? ', putting back' : ''}, ${at.toISOString()}`;

const words = /^berth deploy(?: --system (?<system>[^\s,]+))?(?<back>, putting back)?, /;

/**
 * The deployments that stand, as the engine noted them: the last of the whole stack, and of each system that was deployed
 * alone since, the last. One that failed counts, as parts of it may be there.
 * @param listed the latest first
 * @param system what is to be deployed alone: then those of others don't count
 */
export function standing(listed: readonly Update[], system?: string): readonly Deployed[] {
  const gone = listed.findIndex(({ kind, result }) => kind === 'destroy' && result === 'succeeded');
  const updates = (gone === -1 ? listed : listed.slice(0, gone)).filter(({ kind }) => kind === 'update').map(noted);
  const counting = updates.filter((one) => system === undefined || one.system === undefined || one.system === system);
  const all = counting.findIndex((one) => one.system === undefined || one.system === system);
  const since = all === -1 ? counting : counting.slice(0, all + 1);
  const isLast = (one: Noted) => since.find((other) => other.system === one.system) === one;
  return since.filter(isLast).flatMap(({ commit, ...rest }) => (commit === undefined ? [] : [{ commit, ...rest }]));
}

/** @param system what is to be deployed alone */
export function orderOf(compared: readonly Compared[], older: Older, system?: string): Order {
  const isOlder = compared.filter(({ relation }) => relation === 'older');
  const covers = ({ complete, system: alone }: Deployed) => complete && (alone === undefined || alone === system);
  const by = isOlder.find(covers);
  const [than] = isOlder;
  if (older === 'skip' && by) return { kind: 'superseded', by: plain(by) };
  if (older !== 'deploy' && than) return { kind: 'older', than: plain(than) };
  for (const one of compared) {
    if (older === 'deploy' || typeof one.relation === 'string') continue;
    return { kind: 'unknown', than: plain(one), reason: one.relation.unknown };
  }
  return { kind: 'deploy', apart: compared.filter(({ relation }) => relation === 'apart').map(plain) };
}

type Noted = Omit<Deployed, 'commit'> & { commit: string | undefined };

function noted({ result, message = '', environment }: Update): Noted {
  const { system, back } = words.exec(message)?.groups ?? {};
  const complete = result === 'succeeded' && back === undefined;
  return { commit: environment?.['git.head'], ...(system !== undefined && { system }), complete };
}

const plain = ({ relation: _, ...deployed }: Compared): Deployed => deployed;
