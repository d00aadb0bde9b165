import * as pulumi from '@pulumi/pulumi';
import { capabilities } from './clouds/capabilities.ts';
import { credentialProblems } from './clouds/credentials.ts';
import { clouds } from './clouds/registry.ts';
import { ConfigError } from './config/error.ts';
import { loadEnvironment } from './config/load.ts';
import { parsedValues } from './config/values.ts';
import { deploy } from './hosts/deploy.ts';
import { mistake } from './hosts/mistake.ts';
import { trace } from './hosts/trace.ts';
import { blueprintsOf } from './model/inPlace.ts';
import { systems as known } from './systems/registry.ts';

Error.prepareStackTrace = trace;

const stack = pulumi.getStack();
const config = parsedValues(pulumi.runtime.allConfig());
const { environment, blueprints } = told(() => {
  const loaded = loadEnvironment({ stack, config, source: `Pulumi.${stack}.yaml` }, known, capabilities);
  const declared = blueprintsOf(loaded, known, capabilities);
  const problems = credentialProblems(loaded, declared, process.env);
  if (problems.length > 0) throw new ConfigError('environment variables', problems);
  return { environment: loaded, blueprints: declared };
});
const secrets = Object.entries((config['berth:secrets'] ?? {}) as Record<string, string>);
const { deployKey = pulumi.secret('') } = secretsOf('');

/** By system: where it runs, at which version, and what engineers need to reach it */
export const systems: Record<string, unknown> = {};

for (const blueprint of blueprints) {
  const { system: name } = blueprint;
  const entry = environment.systems[name];
  if (!entry) continue;
  const cloud = await clouds[entry.cloud](blueprint);
  systems[name] = deploy({ blueprint, environment, entry, cloud, secrets: secretsOf(`${name}/`), deployKey });
}

function secretsOf(prefix: string): Record<string, pulumi.Output<string>> {
  const own = secrets.filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), pulumi.secret(value)]));
}

/** A mistake in the environment file or in the credentials is told without a stack trace */
function told<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw error instanceof ConfigError ? mistake(error.message) : error;
  }
}
