import type { Blueprint } from '../model/blueprint.ts';
import type { CloudFace, Clouds } from '../model/cloud.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import { blueprintOn } from '../parts/blueprintOn.ts';
import { claimsOf, doubleClaims, machineBlocks, operatorProblems, preparedProblems, sharedNames } from './checks.ts';
import { blueprintProblems, entryProblems } from './cloudChecks.ts';
import { containerProblems } from './containerChecks.ts';
import { ConfigError } from './error.ts';
import { neededSecrets } from './neededSecrets.ts';
import { checkedEntries, environmentOf } from './parsed.ts';
import { placeholderProblems } from './placeholders.ts';
import { overlapProblems } from './privateRange.ts';
import { problemsOf } from './problems.ts';
import { type EnvironmentSchema, environmentSchema, type Systems } from './schema.ts';
import { missingSecrets, secretNames, unusedSecrets, wrongCertificates, wrongSecrets } from './secrets.ts';
import { signerProblems } from './signerChecks.ts';
import { systemNames, valueAt } from './walk.ts';

export interface EnvironmentInput {
  stack: string;
  /** `config:` of the stack: keys with their namespace, values parsed; other namespaces' are left alone */
  config: Readonly<Record<string, unknown>>;
  /** The file's name, for messages */
  source: string;
  /** Of the file, by the paths of its values, where it was read from one */
  lines?: ReadonlyMap<string, number>;
}

export interface LoadOptions {
  /**
   * `values`: all that a deployment needs must be there. `names`: for reading offline, what only a deployment needs
   * (secrets, what the local set-up prepared) may be absent
   * @default 'values'
   */
  secrets?: 'values' | 'names';
  /**
   * Whether a placeholder may stand where a machine outside this computer would be made of it: only where nothing is made
   * @default 'accepted' with `secrets: 'names'`, else 'refused'
   */
  placeholders?: 'accepted' | 'refused';
  /** When certificates must be in date. @default the present */
  now?: Date;
}

/** An environment file, read once: everything that is worked on */
export interface Loaded<Face = CloudFace> {
  environment: Environment;
  /** In the order of the file */
  systems: readonly LoadedSystem<Face>[];
  /** Of those systems */
  blueprints: readonly Blueprint[];
}

export interface LoadedSystem<Face = CloudFace> {
  blueprint: Blueprint;
  entry: SystemEntry;
  cloud: Face;
}

/**
 * Reads an environment from its file's contents.
 * @param systems that a file may name
 * @param clouds that a system may run on
 * @throws ConfigError with every problem at once
 */
export function loadEnvironment<Face extends CloudFace>(
  input: EnvironmentInput,
  systems: Systems,
  clouds: Readonly<Record<string, Face>>,
  options: LoadOptions = {},
): Loaded<Face> {
  const deploying = options.secrets !== 'names';
  const { placeholders = deploying ? 'refused' : 'accepted' } = options;
  const schema = environmentSchema(systems, clouds);
  const config = withName(input);
  const entries = checkedEntries(schema, config, clouds);
  const environment = environmentOf(schema, config, entries, clouds);
  const loaded = loadedSystems(environment, systems, clouds);
  const blueprints = loaded.map(({ blueprint }) => blueprint);
  const secrets = neededSecrets(systems, config, environment, loaded);
  const claims = claimsOf(schema, config);
  const blocks = machineBlocks(schema, config);
  const problems = [
    ...problemsOf(schema, config),
    ...operatorProblems(config, clouds),
    ...overlapProblems(config, clouds),
    ...containerProblems(config),
    ...systemNames(config).flatMap((name) =>
      entryProblems(name, valueAt(config, ['berth:systems', name]), { claims, blocks }, clouds),
    ),
    ...doubleClaims(claims),
    ...sharedNames(claims, publicNames(blueprints)),
    ...preparedProblems(config, deploying, clouds),
    ...(placeholders === 'refused' ? placeholderProblems(schema, config, clouds) : []),
    ...(deploying ? signerProblems(loaded, environment, input.stack) : []),
    ...(deploying ? missingSecrets(config, secrets, input.stack) : []),
    ...wrongSecrets(config, systems),
    ...wrongCertificates(config, blueprints, input.stack, options.now ?? new Date()),
    ...unusedSecrets(config, secrets, input.stack),
  ];
  // A value that is wrong is not reported as missing too
  const unmet = loaded.flatMap(({ blueprint, cloud }) => blueprintProblems(blueprint, environment, cloud.name, clouds));
  const needs = unmet.filter(
    (need) => !problems.some(({ path }) => path.startsWith(need.path) || need.path.startsWith(`${path}.`)),
  );
  const found = [...problems, ...needs];
  if (found.length > 0) {
    const inOrder = inFileOrder(found, schema).map((problem) => placed(input, problem));
    throw new ConfigError(input.source, inOrder);
  }
  return { environment, systems: loaded, blueprints };
}

/** Each system that is in the file, known, and right by itself, on its cloud */
function loadedSystems<Face extends CloudFace>(
  environment: Environment,
  systems: Systems,
  clouds: Readonly<Record<string, Face>>,
): readonly LoadedSystem<Face>[] {
  return Object.entries(environment.systems).flatMap(([name, entry]) => {
    const [system, cloud] = [systems[name], clouds[entry.cloud]];
    return system && cloud ? [{ blueprint: blueprintOn(system, entry, environment, cloud), entry, cloud }] : [];
  });
}

/** Placeholders that have to go before anything is made of this file */
export const placeholdersIn = (input: EnvironmentInput, systems: Systems, clouds: Clouds): readonly Problem[] =>
  placeholderProblems(environmentSchema(systems, clouds), withName(input), clouds).map((problem) =>
    placed(input, problem),
  );

const placed = ({ lines }: EnvironmentInput, problem: Problem): Problem => ({
  ...problem,
  line: lines?.get(problem.path),
});

/**
 * The secrets that a deployment of this environment needs and its file hasn't yet, by name, each with what it is.
 * @throws ConfigError with whatever else is wrong
 */
export function absentSecrets(input: EnvironmentInput, systems: Systems, clouds: Clouds): ReadonlyMap<string, string> {
  const present = secretNames(input.config);
  const loaded = loadEnvironment(input, systems, clouds, { secrets: 'names' });
  return new Map([...allSecrets(input, systems, loaded)].filter(([name]) => !present.includes(name)));
}

/**
 * Returns descriptions of all secrets that a deployment of an environment needs, by name
 * @param loaded what `loadEnvironment` made of the input
 */
export const allSecrets = (
  input: EnvironmentInput,
  systems: Systems,
  { environment, systems: loaded }: Loaded,
): ReadonlyMap<string, string> => neededSecrets(systems, withName(input), environment, loaded).needed;

/** By the parts of the file; keys that it shouldn't have come first */
function inFileOrder(problems: readonly Problem[], schema: EnvironmentSchema): readonly Problem[] {
  const parts = Object.keys(schema.shape);
  const rank = ({ path }: Problem): number => parts.findIndex((part) => new RegExp(`^${part}(?![a-zA-Z])`).test(path));
  return [...problems].sort((a, b) => rank(a) - rank(b));
}

/** Berth's own part of the configuration, with the environment's name where the file leaves it to the stack's */
function withName({ config, stack }: EnvironmentInput): Readonly<Record<string, unknown>> {
  const own = Object.entries(config).filter(([key]) => key.startsWith('berth:'));
  return { 'berth:environment': stack, ...Object.fromEntries(own) };
}

/** Of all systems, each name as often as one of them serves it */
const publicNames = (blueprints: readonly Blueprint[]): readonly string[] =>
  blueprints.flatMap(({ records }) => records.map(({ name }) => name));
