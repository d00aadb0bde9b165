import { z } from 'zod';
import { type EngineStack, pulumi, settingsOf } from '../../pulumi/stack.ts';

/** Shorter ones are words that stand in any text, and no secrets */
const shortest = 8;

/** Text without any of these secrets: the last net, behind the engine's own */
export function scrubbed(text: string, secrets: readonly string[]): string {
  // A diff indents each line of a text, and quotes it
  const lines = secrets
    .flatMap((secret) => secret.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest)
    .flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]);
  const longestFirst = [...new Set(lines)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, line) => left.replaceAll(line, '[secret]'), text);
}

/**
 * The secrets that a stack's file holds.
 * @throws when the engine can't decrypt them
 */
export async function stackSecrets(on: EngineStack): Promise<readonly string[]> {
  return configSecrets(JSON.parse(await pulumi(on, ['config', '--show-secrets', '--json', ...settingsOf(on)])));
}

/** The same of what `pulumi config --show-secrets --json` prints */
export const configSecrets = (config: unknown): readonly string[] =>
  Object.entries(settings.parse(config)).flatMap(([key, { secret, value, objectValue }]) => {
    if (key === 'berth:secrets') return leaves(objectValue);
    return secret && value !== undefined && objectValue === undefined ? [value] : [];
  });

const settings = z.record(
  z.string(),
  z.object({ secret: z.boolean().default(false), value: z.string().optional(), objectValue: z.unknown().optional() }),
);

/** The secrets that a job or a person has put into the environment, by what their variables are called */
export const environmentSecrets = (environment: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && /(PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY)$/.test(name) ? [value] : [],
  );

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
