import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../src/paths.ts';
import { runMain } from '../src/process/command.ts';
import { requireProgram } from '../src/process/debian.ts';
import { duration } from '../src/process/progress.ts';
import { runLogged } from '../src/process/stage.ts';
import { checkPython } from './lib/checkPython.ts';
import { checkWithActionlint, checkWithZizmor } from './lib/checkWorkflows.ts';
import { compiler } from './lib/compiler.ts';

interface Check {
  name: string;
  run(log: (line: string) => void): Promise<unknown>;
}

/** Whether what can be put right without a person is */
const fixes = process.argv.includes('--fix');

const checks: readonly Check[] = [
  {
    name: 'types',
    run: (log) => runLogged(process.execPath, [compiler, '--noEmit'], { cwd: checkout, log }),
  },
  {
    name: 'style',
    run: (log) =>
      inCheckout('biome', ['check', ...(fixes ? ['--write'] : []), '--error-on-warnings', '--colors=off'], log),
  },
  { name: 'shell', run: checkShell },
  { name: 'python', run: (log) => checkPython(log, fixes) },
  { name: 'actionlint', run: checkWithActionlint },
  { name: 'zizmor', run: checkWithZizmor },
];

void runMain(async () => {
  const outcomes = await Promise.all(checks.map(outcome));
  return outcomes.every((passed) => passed) ? 0 : 1;
});

async function outcome({ name, run }: Check): Promise<boolean> {
  const startedAt = Date.now();
  const lines: string[] = [];
  const time = (): string => duration((Date.now() - startedAt) / 1000);
  try {
    await run((line) => lines.push(line));
    console.log(`✓ ${name.padEnd(10)} ${time()}${lines.length === 1 ? `   ${lines[0]}` : ''}`);
    return true;
  } catch (error) {
    const found = lines.length > 0 ? lines.join('\n') : error instanceof Error ? error.message : String(error);
    console.log(`✗ ${name.padEnd(10)} ${time()}\n${found}\n`);
    return false;
  }
}

/**
 * Checks every shell script that git knows or would add, named *.sh or by its first line; what still has names to be
 * filled in is none yet, and what was rendered is looked at where it comes from.
 */
async function checkShell(log: (line: string) => void): Promise<void> {
  const quiet = (): void => undefined;
  const files = await runLogged('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: checkout,
    log: quiet,
  });
  const present = files.split('\n').filter((file) => file !== '' && existsSync(join(checkout, file)));
  const isScript = await Promise.all(present.map(async (file) => file.endsWith('.sh') || (await startsAsShell(file))));
  const scripts = present.filter(
    (file, index) =>
      isScript[index] &&
      !file.startsWith('test/render/golden/') &&
      !readFileSync(join(checkout, file), 'utf8').includes('\n{{'),
  );
  if (!(await haveShellcheck())) {
    const message = 'not checked: shellcheck is not installed (apt-get install shellcheck)';
    if (process.env.CI === 'true') throw new Error(message);
    return log(message);
  }
  if (scripts.length > 0) await runLogged('shellcheck', scripts, { cwd: checkout, log });
}

async function startsAsShell(file: string): Promise<boolean> {
  const handle = await open(join(checkout, file));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return /^#!\S*(\/|\s)(ba|da)?sh\b|^#!\/usr\/bin\/env (ba|da)?sh\b/.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function haveShellcheck(): Promise<boolean> {
  try {
    const why = 'shell scripts are checked by shellcheck';
    await requireProgram({ program: 'shellcheck', packages: ['shellcheck'], why }, console.log);
    return true;
  } catch {
    return false;
  }
}

function inCheckout(program: string, args: readonly string[], log: (line: string) => void): Promise<string> {
  return runLogged(join(checkout, 'node_modules', '.bin', program), args, { cwd: checkout, log });
}
