import * as pulumi from '@pulumi/pulumi';
import { vi } from 'vitest';
import { program } from '../../src/index.ts';
import { recorded } from '../../src/policy/recorded.ts';
import { answers, credentials, deployKey, functions } from './samples.ts';

export type { DeclaredResource } from '../../src/policy/recorded.ts';

export { deployKey };

/** Runs the whole program on mocks */
export async function runProgram(stack: string, config: Record<string, unknown>) {
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
  const declared = await recorded(stack, answers, functions);
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts), ['berth:secrets']);
  const systems = await settled((await program({ placeholders: 'accepted' })).systems);
  await pulumi.runtime.disconnect();
  return { declared, systems };
}

/** An output's value with whether it is secret, once everything that it waits for is there */
export const settled = <T>(value: pulumi.Input<T>): Promise<{ value: unknown; secret: boolean }> =>
  new Promise((resolve) => {
    const output = pulumi.output(value);
    pulumi.all([output, pulumi.isSecret(output)]).apply(([inner, secret]) => resolve({ value: inner, secret }));
  });

/** What an input holds that must be secret on its way to the engine */
export function sealed(input: unknown): unknown {
  const envelope = input as Record<string, unknown>;
  if (envelope[signature] !== secretSignature) throw new Error('this input is not secret');
  return envelope.value;
}

// Pulumi's own marks of a secret on the wire (sdk/nodejs/runtime/rpc.ts)
const signature = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';
