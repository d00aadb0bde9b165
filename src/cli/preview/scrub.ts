import { z } from 'zod';
import { type EngineStack, pulumi, settingsOf } from '../../pulumi/stack.ts';

/**
 * Returns the secrets of a stack's file
 * @throws when the engine cannot decrypt them
 */
export async function stackSecrets(on: EngineStack): Promise<readonly string[]> {
  return configSecrets(JSON.parse(await pulumi(on, ['config', '--show-secrets', '--json', ...settingsOf(on)])));
}

/** Returns the secrets in the output of `pulumi config --show-secrets --json` */
export const configSecrets = (config: unknown): readonly string[] =>
  Object.entries(settings.parse(config)).flatMap(([key, { secret, value, objectValue }]) => {
    if (key === 'berth:secrets') return leaves(objectValue);
    return secret && value !== undefined && objectValue === undefined ? [value] : [];
  });

const settings = z.record(
  z.string(),
  z.object({ secret: z.boolean().default(false), value: z.string().optional(), objectValue: z.unknown().optional() }),
);

/** Returns the secrets in the environment, recognised by the names of their variables */
export const environmentSecrets = (environment: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && /(PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY)$/.test(name) ? [value] : [],
  );

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
