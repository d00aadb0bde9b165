import type { Update } from '../history.ts';

/** A deployment that is in effect, wholly or in part */
export interface DeployedCommit {
  commit: string;
  /** The system that it deployed alone; all without it */
  system?: string;
  /** Whether it succeeded, with all roles of its systems, and did not put back a former version */
  complete: boolean;
}

/** Relation of the current commit to a deployed one: equal, descendant, ancestor, or on another branch */
export type Relation = 'same' | 'newer' | 'older' | 'apart' | { unknown: string };

/** A deployed commit with the relation of the current one to it */
export interface ComparedCommit extends DeployedCommit {
  relation: Relation;
}

/** Ways to handle a commit that is older than the deployed one */
export const olderChoices = ['refuse', 'skip', 'deploy'] as const;
export type Older = (typeof olderChoices)[number];

/** Whether the current commit is deployed, and the reason */
export type Order =
  /** `apart`: deployed commits that it replaces without containing them */
  | { kind: 'deploy'; apart: readonly DeployedCommit[] }
  /** Everything in it is deployed already, with more */
  | { kind: 'superseded'; by: DeployedCommit }
  | { kind: 'older'; than: DeployedCommit }
  | { kind: 'unknown'; than: DeployedCommit; reason: string };

/** Returns the message with which the engine records a deployment */
export const messageOf = (at: Date, system?: string, back = false, role?: string): string =>
  `berth deploy${system === undefined ? '' : ` --system ${system}`}${role === undefined ? '' : ` --role ${role}`}${back ? ', putting back' : ''}, ${at.toISOString()}`;

const words = /^berth deploy(?: --system (?<system>[^\s,]+))?(?<role> --role [^\s,]+)?(?<back>, putting back)?, /;

/**
 * Returns the deployments in effect from the engine's history: the last one of the whole stack, and for each system
 * deployed alone since then, the last one. Failed ones count, since parts of them may be in effect.
 * @param listed history, latest first
 * @param system the system to deploy alone; deployments of other single systems are then ignored
 */
export function commitsInEffect(listed: readonly Update[], system?: string): readonly DeployedCommit[] {
  const gone = listed.findIndex(({ kind, result }) => kind === 'destroy' && result === 'succeeded');
  const updates = (gone === -1 ? listed : listed.slice(0, gone)).filter(({ kind }) => kind === 'update').map(noted);
  const counting = updates.filter((one) => system === undefined || one.system === undefined || one.system === system);
  const all = counting.findIndex((one) => one.system === undefined || one.system === system);
  const since = all === -1 ? counting : counting.slice(0, all + 1);
  const isLast = (one: Noted) => since.find((other) => other.system === one.system) === one;
  return since.filter(isLast).flatMap(({ commit, ...rest }) => (commit === undefined ? [] : [{ commit, ...rest }]));
}

/**
 * Decides whether the current commit is deployed
 * @param system the system to deploy alone; all without it
 */
export function orderOf(compared: readonly ComparedCommit[], older: Older, system?: string): Order {
  const isOlder = compared.filter(({ relation }) => relation === 'older');
  const covers = ({ complete, system: alone }: DeployedCommit) => complete && (alone === undefined || alone === system);
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

type Noted = Omit<DeployedCommit, 'commit'> & { commit: string | undefined };

function noted({ result, message = '', environment }: Update): Noted {
  const { system, role, back } = words.exec(message)?.groups ?? {};
  const complete = result === 'succeeded' && role === undefined && back === undefined;
  return { commit: environment?.['git.head'], ...(system !== undefined && { system }), complete };
}

const plain = ({ relation: _, ...deployed }: ComparedCommit): DeployedCommit => deployed;
