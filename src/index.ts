import * as pulumi from '@pulumi/pulumi';
import { capabilities } from './clouds/capabilities.ts';
import { clouds } from './clouds/registry.ts';
import { ConfigError } from './config/error.ts';
import { loadEnvironment } from './config/load.ts';
import { deploy } from './hosts/deploy.ts';
import { blueprintOn } from './model/inPlace.ts';
import { systems as known } from './systems/registry.ts';

const stack = pulumi.getStack();
const config = Object.fromEntries(
  Object.entries(pulumi.runtime.allConfig()).map(([key, value]) => [key, parsed(value)]),
);
const environment = told(() => loadEnvironment({ stack, config, source: `Pulumi.${stack}.yaml` }, known, capabilities));
const secrets = Object.entries((config['berth:secrets'] ?? {}) as Record<string, string>);
const { deployKey = pulumi.secret('') } = secretsOf('');

/** By system: where it runs, at which version, and what engineers need to reach it */
export const systems: Record<string, unknown> = {};

for (const [name, entry] of Object.entries(environment.systems)) {
  const system = known[name];
  const cloud = await clouds[entry.cloud]?.();
  if (!system || !cloud) throw mistake(`cloud ${entry.cloud} of system ${name} can be rendered, not deployed yet`);
  systems[name] = deploy({
    blueprint: blueprintOn(system, entry, environment, capabilities),
    environment,
    entry,
    cloud,
    secrets: secretsOf(`${name}/`),
    deployKey,
  });
}

function secretsOf(prefix: string): Record<string, pulumi.Output<string>> {
  const own = secrets.filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), pulumi.secret(value)]));
}

/** Objects arrive as JSON; a plain text stays one */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A mistake in the environment file is told without a stack trace */
function told<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw error instanceof ConfigError ? mistake(error.message) : error;
  }
}

/** Pulumi prints the message alone, but first formats the stack, which takes 15 s where sources are mapped: it has none */
function mistake(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: message });
}
