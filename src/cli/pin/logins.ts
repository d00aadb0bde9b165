import type { Environment } from '../../model/environment.ts';
import { loginsOf } from '../../model/registries.ts';
import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { secretOf } from '../secretOf.ts';
import type { LoginAt } from './registry.ts';

/** Returns the logins of a stack's systems at registries; the engine is asked for a password once a registry wants one */
export function stackLogins(stack: string, environment: Environment): (system: string) => LoginAt {
  let engine: Promise<EngineStack> | undefined;
  const passwords = new Map<string, Promise<string>>();
  const passwordOf = async (secret: string): Promise<string> => {
    engine ??= engineStack(stack);
    const told = await secretOf(await engine, secret);
    return told.replace(/\n$/, '');
  };
  return (system) => async (registry) => {
    const login = loginsOf(environment, system).find((one) => one.registry === registry);
    if (login === undefined) return undefined;
    const password = passwords.get(login.secret) ?? passwordOf(login.secret);
    passwords.set(login.secret, password);
    return { user: login.user, password: await password };
  };
}
