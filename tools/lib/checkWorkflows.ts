import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import { linter } from './linters.ts';

type Log = (line: string) => void;

const folder = join('.github', 'workflows');

/** Checks what the workflows say: their expressions, their events, their inputs. */
export const checkWithActionlint = (log: Log): Promise<void> =>
  checkWith('actionlint', 'Go', log, async (program) => {
    const files = (await readdir(join(checkout, folder))).map((file) => join(folder, file));
    await runLogged(program, ['-no-color', ...files], { cwd: checkout, log });
  });

/** Checks what the workflows and the actions let happen: pins, permissions, what an expression could inject. */
export const checkWithZizmor = (log: Log): Promise<void> =>
  checkWith('zizmor', "Python's pip", log, async (program) => {
    // It looks at what lies here: its audits that ask GitHub would make the outcome depend on the day
    const words = ['--offline', '--no-progress', '--color', 'never', '--quiet', '.github'];
    const said: string[] = [];
    const keep = (line: string): number => said.push(line);
    await runLogged(program, words, { cwd: checkout, log: keep }).catch((error: Error) => {
      for (const line of said) log(line);
      throw error;
    });
  });

/** Like shellcheck: a machine that can't have the program says so, and only CI=true makes that a failure. */
async function checkWith(
  name: 'actionlint' | 'zizmor',
  comesBy: string,
  log: Log,
  run: (program: string) => Promise<void>,
): Promise<void> {
  let program: string;
  try {
    program = await linter(name, () => undefined);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : error;
    const message = `not checked: ${name} (${comesBy}) is not available: ${reason}`;
    if (process.env.CI === 'true') throw new Error(message);
    return log(message);
  }
  await run(program);
}
