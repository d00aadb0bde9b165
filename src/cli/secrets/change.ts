import { systems } from 'berth:systems';
import { nearest } from '../../config/nearest.ts';
import { secretPath } from '../../config/secrets.ts';
import { type EngineStack, engineStack, pulumi } from '../../pulumi/stack.ts';
import { interactive, standardInput } from '../init/answers.ts';
import { hasPassphrase, withPassphrase } from '../init/passphrase.ts';
import { edited } from './editor.ts';
import type { StackSecrets } from './read.ts';
import { effectsOf } from './users.ts';

/**
 * Gives a secret a new value, after saying what the next deployment does with it
 * @throws for a name that the stack does not need, a value that can't work, or with the engine's message
 */
export async function change(stack: string, name: string, known: StackSecrets, how: 'asked' | 'edited'): Promise<void> {
  const what = known.needed.get(name);
  if (what === undefined) throw new Error(unknown(stack, name, [...known.needed.keys()]));
  const engine = await engineStack(stack);
  if (engine.configFile !== undefined) throw new Error(`the secrets of stack ${stack} are made by npx berth local`);
  const isNew = !known.present.includes(name);
  console.error(`${name}: ${what}`);
  console.error(isNew ? 'It has no value yet. The next deployment:' : 'With a new value, the next deployment:');
  for (const line of effectsOf(name, known.blueprints)) console.error(`  ${line}`);
  await withEngine(stack, engine, async (on) => {
    const former = isNew ? '' : await formerValue(on, name, how);
    const value = how === 'edited' ? edited(former, process.env) : await asked(name);
    if (value === '') throw new Error('the value is empty: nothing was changed');
    if (how === 'edited' && value === former) {
      console.log(`${name} is as it was: nothing was changed`);
      return;
    }
    refuseFlaw(name, value);
    await pulumi(on, ['config', 'set', '--secret', '--path', secretPath(name)], value);
    console.log(`✓ ${name} set, encrypted in ${known.source}: commit it, then deploy`);
  });
}

const formerValue = (engine: EngineStack, name: string, how: 'asked' | 'edited'): Promise<string> | string =>
  how === 'edited' ? pulumi(engine, ['config', 'get', '--path', secretPath(name)]).then(withoutEngineLineBreak) : '';

/** `pulumi config get` adds one */
const withoutEngineLineBreak = (printed: string): string => printed.replace(/\n$/, '');

async function asked(name: string): Promise<string> {
  if (!interactive()) return (await standardInput()).replace(/\r?\n$/, '');
  const { askSecret } = await import('../init/ask.ts');
  return askSecret(`a new value of ${name}`);
}

/** @throws with what is wrong with a value, never with the value */
function refuseFlaw(name: string, value: string): void {
  const [system = '', own = ''] = name.split('/');
  const flaw = systems[system]?.secretFlaws?.[own]?.(value);
  if (flaw) throw new Error(`${name} ${flaw.message}${flaw.fix ? `: ${flaw.fix}` : ''}. Nothing was changed`);
}

async function withEngine(stack: string, engine: EngineStack, work: (on: EngineStack) => Promise<void>): Promise<void> {
  const { providerOf } = await import('../init/stack.ts');
  const asks = providerOf(stack) === 'passphrase' && !hasPassphrase(engine.environment) && interactive();
  const passphrase = asks ? await (await import('../init/ask.ts')).askPassphrase(stack, false) : undefined;
  await withPassphrase(engine.environment, passphrase, (environment) => work({ ...engine, environment }));
}

function unknown(stack: string, name: string, names: readonly string[]): string {
  const close = nearest(name, names);
  const meant = close === undefined ? `there are ${names.join(', ')}` : `did you mean ${close}?`;
  return `stack ${stack} needs no secret ${name}: ${meant}`;
}
