import * as pulumi from '@pulumi/pulumi';
import { vi } from 'vitest';
import { program } from '../../src/index.ts';
import type { LaterAnswers } from '../../src/policy/answers.ts';
import { configure, type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { answers, credentials, functions, type Stack } from '../stack/samples.ts';

/** Runs the program of a stack; the answers to what it declares come from a cloud's own API, or what stands for it */
export async function runOn(
  cloud: { answers: LaterAnswers; functions: LaterAnswers },
  { config }: Stack,
  name: string,
): Promise<readonly DeclaredResource[]> {
  for (const [variable, value] of Object.entries(credentials)) vi.stubEnv(variable, value);
  const declared = await recorded(name, { ...answers, ...cloud.answers }, { ...functions, ...cloud.functions });
  configure(config);
  await program({ placeholders: 'accepted' });
  await pulumi.runtime.disconnect();
  return declared;
}
