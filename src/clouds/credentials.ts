import type { Blueprint } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';
import { type Credentials, type Login, logins, type Variable } from './logins.ts';

/** What is wrong with the credentials, in the form of an environment file's problems; never a value */
export interface CredentialProblem {
  /** The variable */
  path: string;
  message: string;
  allowed?: string;
  fix?: string;
}

/**
 * What the clouds of these systems lack to be logged in to, all at once: variables that are missing, each with where to
 * get it, and logins that contradict each other. A stack is asked for the clouds that it uses alone.
 * @param variables the environment's; an empty one counts as absent
 */
export function credentialProblems(
  environment: Environment,
  blueprints: readonly Blueprint[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly CredentialProblem[] {
  return neededLogins(environment, blueprints).flatMap((needed) => problemsOf(needed, variables));
}

/** A provider that is logged in to */
export interface Needed {
  provider: string;
  credentials: Credentials;
  /** Who needs them, for people */
  systems: string;
}

/** Each provider once, with the systems that it makes resources of */
export function neededLogins(environment: Environment, blueprints: readonly Blueprint[]): readonly Needed[] {
  return Object.entries(logins).flatMap(([provider, credentials]) => {
    const users = blueprints.filter((blueprint) => {
      const cloud = environment.systems[blueprint.system]?.cloud;
      const onIt = cloud === credentials.cloud && (credentials.usedBy?.(blueprint, environment) ?? true);
      return onIt || (credentials.alsoUsedBy?.(blueprint) ?? false);
    });
    return users.length === 0 ? [] : [{ provider, credentials, systems: users.map(({ system }) => system).join(', ') }];
  });
}

function problemsOf(
  { credentials, systems }: Needed,
  variables: Readonly<Record<string, string | undefined>>,
): readonly CredentialProblem[] {
  const given = (name: string): boolean => (variables[name] ?? '') !== '';
  const has = ({ name, or = [], isSwitch }: Variable): boolean =>
    isSwitch ? variables[name] === 'true' : [name, ...or].some(given);
  const meant = credentials.ways.filter((way) => marksOf(way).some(has));
  const [first, second] = meant;
  const lacking = (wanted: readonly Variable[]) => wanted.filter((variable) => !has(variable));
  const always = lacking(credentials.always).map((variable) => missing(variable, systems));
  if (first && second) return [...always, contradiction(meant, has)];
  if (first) return [...always, ...lacking(first.variables).map((variable) => missing(variable, systems))];
  const [usual, ...others] = credentials.ways;
  const instead = others.map(({ name, variables: own }) => `${name} (${own.map((one) => one.name).join(', ')})`);
  return [
    ...always,
    ...lacking(usual.variables).map((variable, index) => ({
      ...missing(variable, systems),
      ...(index === 0 && instead.length > 0 && { allowed: `${usual.name}, or in its place ${instead.join(', or ')}` }),
    })),
  ];
}

const missing = ({ name, or = [], isSwitch, what, from }: Variable, systems: string): CredentialProblem => ({
  path: [name, ...or].join(' or '),
  message: `is ${isSwitch ? 'not true' : 'missing'}: ${what}, for ${systems}`,
  fix: from,
});

/** Providers take one of them by an order of their own, or fail with an error that names neither */
function contradiction(meant: readonly Login[], has: (variable: Variable) => boolean): CredentialProblem {
  const given = (way: Login) => marksOf(way).filter(has);
  const names = (ways: readonly Login[]) => ways.flatMap((way) => given(way).map(({ name }) => name)).join(', ');
  const whole = meant.find(({ variables }) => variables.every(has)) ?? meant[0];
  return {
    path: names(meant),
    message: `are of ${meant.length} ways to log in: ${meant.map(({ name }) => name).join(', ')}`,
    allowed: 'exactly one',
    ...(whole && { fix: `for ${whole.name}: unset ${names(meant.filter((way) => way !== whole))}` }),
  };
}

/** What tells that this way to log in is the one that is meant */
const marksOf = ({ variables }: Login): readonly Variable[] => variables.filter(({ shared }) => !shared);
