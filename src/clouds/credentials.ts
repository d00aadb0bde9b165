import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace, Clouds } from '../model/cloud.ts';
import type { Environment } from '../model/environment.ts';
import type { CloudLogin, Credentials, LoginVariable } from '../model/login.ts';
import type { Problem } from '../model/problem.ts';

/**
 * Returns all missing login variables of the clouds that these systems use, each with where to get it, and logins that
 * contradict each other. Problems have the form of an environment file's problems and contain no values.
 * @param variables the environment's variables; an empty one counts as absent
 */
export function credentialProblems(
  environment: Environment,
  blueprints: readonly Blueprint[],
  clouds: Clouds,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Problem[] {
  return neededLogins(environment, blueprints, clouds).flatMap((needed) => problemsOf(needed, variables));
}

/** A provider that a deployment logs in to */
export interface Needed {
  provider: string;
  /** Cloud that the provider belongs to */
  cloud: string;
  credentials: Credentials;
  /** Names of the systems that need the login, for messages */
  systems: string;
}

/** Returns each needed provider once, with the systems that it creates resources for */
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
  const has = ({ name, or = [], isSwitch }: LoginVariable): boolean =>
    isSwitch ? variables[name] === 'true' : [name, ...or].some(given);
  const meant = credentials.ways.filter((way) => marksOf(way).some(has));
  const [first, second] = meant;
  const lacking = (wanted: readonly LoginVariable[]) => wanted.filter((variable) => !has(variable));
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

const missing = ({ name, or = [], isSwitch, what, from }: LoginVariable, systems: string): Problem => ({
  path: [name, ...or].join(' or '),
  message: `is ${isSwitch ? 'not true' : 'missing'}: ${what}, for ${systems}`,
  fix: from,
});

/**
 * With variables of several logins, providers pick one by an order of their own, or fail with an error that names none
 */
function contradiction(meant: readonly CloudLogin[], has: (variable: LoginVariable) => boolean): Problem {
  const given = (way: CloudLogin) => marksOf(way).filter(has);
  const names = (ways: readonly CloudLogin[]) => ways.flatMap((way) => given(way).map(({ name }) => name)).join(', ');
  const whole = meant.find(({ variables }) => variables.every(has)) ?? meant[0];
  return {
    path: names(meant),
    message: `belong to ${meant.length} ways to log in: ${meant.map(({ name }) => name).join(', ')}`,
    allowed: 'exactly one',
    ...(whole && { fix: `for ${whole.name}: unset ${names(meant.filter((way) => way !== whole))}` }),
  };
}

/** Returns the variables that only this way to log in uses */
const marksOf = ({ variables }: CloudLogin): readonly LoginVariable[] => variables.filter(({ shared }) => !shared);
