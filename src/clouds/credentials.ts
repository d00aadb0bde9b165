import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace, Clouds } from '../model/cloud.ts';
import type { Environment } from '../model/environment.ts';
import type { Credentials, Login, Variable } from '../model/login.ts';
import type { Problem } from '../model/problem.ts';

/**
 * What the clouds of these systems lack to be logged in to, all at once: variables that are missing, each with where to
 * get it, and logins that contradict each other, in the form of an environment file's problems and never with a value. A
 * stack is asked for the clouds that it uses alone.
 * @param variables the environment's; an empty one counts as absent
 */
export function credentialProblems(
  environment: Environment,
  blueprints: readonly Blueprint[],
  clouds: Clouds,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Problem[] {
  return neededLogins(environment, blueprints, clouds).flatMap((needed) => problemsOf(needed, variables));
}

/** A provider that is logged in to */
export interface Needed {
  provider: string;
  /** Whose provider it is */
  cloud: string;
  credentials: Credentials;
  /** Who needs them, for people */
  systems: string;
}

/** Each provider once, with the systems that it makes resources of */
export const neededLogins = (
  environment: Environment,
  blueprints: readonly Blueprint[],
  clouds: Clouds,
): readonly Needed[] =>
  Object.values(clouds).flatMap((cloud) =>
    Object.entries(cloud.logins).flatMap(([provider, credentials]) => {
      const users = blueprints.filter((blueprint) => uses(blueprint, environment, cloud, credentials));
      if (users.length === 0) return [];
      return [{ provider, cloud: cloud.name, credentials, systems: users.map(({ system }) => system).join(', ') }];
    }),
  );

function uses(blueprint: Blueprint, environment: Environment, { name }: CloudFace, credentials: Credentials): boolean {
  const onIt = environment.systems[blueprint.system]?.cloud === name;
  return (
    (onIt && (credentials.usedBy?.(blueprint, environment) ?? true)) || (credentials.alsoUsedBy?.(blueprint) ?? false)
  );
}

function problemsOf(
  { credentials, systems }: Needed,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Problem[] {
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

const missing = ({ name, or = [], isSwitch, what, from }: Variable, systems: string): Problem => ({
  path: [name, ...or].join(' or '),
  message: `is ${isSwitch ? 'not true' : 'missing'}: ${what}, for ${systems}`,
  fix: from,
});

/** Providers take one of them by an order of their own, or fail with an error that names neither */
function contradiction(meant: readonly Login[], has: (variable: Variable) => boolean): Problem {
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
