import { systems as known } from 'berth:systems';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as pulumi from '@pulumi/pulumi';
import type { Cloud } from './clouds/cloud.ts';
import { credentialProblems } from './clouds/credentials.ts';
import { loadedFor } from './clouds/load.ts';
import { mistake } from './clouds/mistake.ts';
import { clouds as all } from './clouds/registry.ts';
import { readStanding } from './clouds/standing.ts';
import { deliver } from './cluster/deploy.ts';
import { ConfigError } from './config/error.ts';
import { environmentsIn, findProject, readEnvironmentFile } from './config/file.ts';
import {
  type EnvironmentInput,
  type Loaded,
  type LoadedSystem,
  type LoadOptions,
  loadEnvironment,
} from './config/load.ts';
import { parsedValues } from './config/values.ts';
import { passGate } from './gate.ts';
import { type DeployArgs, deploy } from './hosts/deploy.ts';
import type { Environment } from './model/environment.ts';
import { machinesOf } from './model/machines.ts';
import { loginsOf } from './model/registries.ts';
import { trace } from './program/trace.ts';
import { disableUnusedFeatures } from './program/unusedFeatures.ts';

Error.prepareStackTrace = trace;
disableUnusedFeatures();

/**
 * Declares the stack, and gives its outputs, by system: where it runs, its version, what engineers need to reach it
 * @param options.placeholders accepted where nothing is made, on mocks. @default 'refused'
 * @param clouds those that a system may run on. @default all of the registry
 */
export async function program(
  options: Pick<LoadOptions, 'placeholders'> = {},
  clouds: Readonly<Record<string, Cloud>> = all,
): Promise<{ systems: Record<string, unknown> }> {
  await passGate().catch((error: Error) => {
    throw mistake(error.message);
  });
  const config = parsedValues(pulumi.runtime.allConfig());
  const { environment, systems: declared } = loaded(pulumi.getStack(), config, options, clouds);
  const texts = (config['berth:secrets'] ?? {}) as Record<string, string>;
  await passObstacles(environment, declared, clouds, { secrets: texts, ...options });
  const secrets = secretsByOwner(texts);
  const { deployKey = pulumi.secret('') } = secrets('');
  const systems: Record<string, unknown> = {};
  // Where no machine is made nothing is asked, and the stack holds no provider for the question
  const makesMachines = declared.some(({ cloud }) => cloud.capabilities.makesMachines);
  const before = makesMachines ? await readStanding() : new Set<string>();
  for (const { blueprint, entry, cloud: face } of longestFirst(declared)) {
    const { system: name } = blueprint;
    const cloud = await loadedFor(clouds, face.name, blueprint);
    const system = {
      ...{ blueprint, environment, entry, face },
      secrets: secrets(`${name}/`),
      logins: logins(environment, name, secrets),
    };
    systems[name] =
      cloud.kind === 'cluster'
        ? await deliver({ ...system, cloud, ownSecrets: secrets(`${face.name}/`) })
        : deploy({ ...system, cloud, standing: before, deployKey });
  }
  return { systems };
}

/** @throws the obstacles of all clouds at once, asked before the first resource */
async function passObstacles(
  environment: Environment,
  declared: readonly LoadedSystem<Cloud>[],
  clouds: Readonly<Record<string, Cloud>>,
  { secrets, placeholders }: { secrets: Readonly<Record<string, string>> } & Pick<LoadOptions, 'placeholders'>,
): Promise<void> {
  const found = await Promise.all(
    Object.values(clouds).map(async ({ name, program }) => {
      const own = declared.filter(({ cloud }) => cloud.name === name).map(({ blueprint }) => blueprint);
      if (own.length === 0) return { where: '', problems: [] };
      const cloud = await program();
      // On mocks there is no cluster to read
      if (cloud.kind === 'cluster' && placeholders === 'accepted') return { where: '', problems: [] };
      const problems = (await cloud.obstacles?.(environment, own, byOwner(secrets, `${name}/`))) ?? [];
      return { where: cloud.kind === 'cluster' ? `the cluster of cloud ${name}` : 'this computer', problems };
    }),
  );
  const standing = found.filter(({ problems }) => problems.length > 0);
  if (standing.length === 0) return;
  const where = standing.map((one) => one.where).join(', ');
  throw mistake(
    new ConfigError(
      where,
      standing.flatMap(({ problems }) => problems),
    ).message,
  );
}

/** Systems with most machines first: machines of a system are released in turn, systems side by side */
const longestFirst = (declared: readonly LoadedSystem<Cloud>[]): readonly LoadedSystem<Cloud>[] =>
  [...declared].sort((one, other) => machinesOf(other.blueprint).length - machinesOf(one.blueprint).length);

/** @throws a mistake in the environment's file or in the credentials, which is told without a stack trace */
function loaded(
  stack: string,
  config: Record<string, unknown>,
  options: LoadOptions,
  clouds: Readonly<Record<string, Cloud>>,
): Loaded<Cloud> {
  try {
    const input = { stack, config, source: `Pulumi.${stack}.yaml`, ...written(stack, config) };
    const read = loadEnvironment(input, known, clouds, options);
    const problems = credentialProblems(read.environment, read.blueprints, clouds, process.env);
    if (problems.length > 0) throw new ConfigError('environment variables', problems);
    return read;
  } catch (error) {
    throw error instanceof ConfigError ? mistake(error.message) : error;
  }
}

/**
 * The engine hands over what it made of the file, a date as some other text, say: what was written shows only there, and
 * on which line. A file elsewhere (`--config-file`) is one that berth's own commands have read before: then the one that is
 * read here says something else, and nothing about lines.
 * @throws ConfigError for what is not read alike by all
 */
function written(stack: string, config: Record<string, unknown>): Pick<EnvironmentInput, 'lines'> {
  const project = findProject(process.cwd());
  if (!environmentsIn(project).includes(stack)) return {};
  const { lines, config: inFile } = readEnvironmentFile(join(project, `Pulumi.${stack}.yaml`), stack);
  return lines && isDeepStrictEqual(open(inFile), open(config)) ? { lines } : {};
}

/** Berth's own part without what is encrypted in the file */
const open = (config: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith('berth:') && key !== 'berth:secrets'));

function logins(environment: Environment, system: string, secrets: SecretsByOwner): DeployArgs['logins'] {
  return Object.fromEntries(
    loginsOf(environment, system).map(({ registry, user, secret }) => {
      const [owner, name = ''] = secret.split('/');
      return [registry, { user, password: secrets(`${owner}/`)[name] ?? pulumi.secret('') }];
    }),
  );
}

type SecretsByOwner = (prefix: string) => Record<string, pulumi.Output<string>>;

/** Secrets by name, of the owner whose prefix is given */
function secretsByOwner(all: Record<string, string>): SecretsByOwner {
  return (prefix) =>
    Object.fromEntries(Object.entries(byOwner(all, prefix)).map(([name, value]) => [name, pulumi.secret(value)]));
}

const byOwner = (all: Readonly<Record<string, string>>, prefix: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
