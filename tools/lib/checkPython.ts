import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import { linter } from './linters.ts';

type Log = (line: string) => void;

/** The release engine, whose modules lie flat in one folder as they do on a machine, and its tests */
export const engineFolder = join(checkout, 'src', 'hosts', 'host');
const testFolder = join(checkout, 'test', 'unit', 'hosts', 'host');

/** What stands for clouds in tests */
const cloudFolders = ['cloud', 'openstack'].map((name) => join(checkout, 'test', name));

/**
 * Types, style and form of the Python that runs on machines; style and form of that of tests
 * @param fixes whether style and form are put right first
 */
export async function checkPython(log: Log, fixes: boolean): Promise<void> {
  const config = ['--config', join(checkout, 'tools', 'linters', 'ruff.toml')];
  const folders = [engineFolder, testFolder, ...cloudFolders];
  if (fixes) {
    await runPython('ruff', ['check', '--fix', '--exit-zero', '--quiet', ...config, ...folders], log);
    await runPython('ruff', ['format', '--quiet', ...config, ...folders], log);
  }
  await runPython('ruff', ['check', '--quiet', ...config, ...folders], log);
  await runPython('ruff', ['format', '--check', '--quiet', ...config, ...folders], log);
  const modules = readdirSync(engineFolder).filter((name) => name.endsWith('.py'));
  await runPython('mypy', ['--strict', '--no-error-summary', ...modules], log, engineFolder);
}

/** The tests of one file, by pytest */
export const runPytest = (file: string, log: Log): Promise<string> =>
  runPython('pytest', ['-q', '-p', 'no:cacheprovider', join(testFolder, file)], log);

/** Those of its tests */
export const pythonTests = (): readonly string[] =>
  readdirSync(testFolder).filter((name) => /^test_.*\.py$/.test(name));

async function runPython(name: 'mypy' | 'ruff' | 'pytest', words: readonly string[], log: Log, cwd = checkout) {
  const program = await linter(name, log);
  const env = {
    ...process.env,
    PYTHONPATH: dirname(dirname(program)),
    // Compiled once for all runs, and not beside the sources
    PYTHONPYCACHEPREFIX: join(dirname(dirname(program)), '.pycache'),
    RUFF_NO_CACHE: 'true',
    MYPY_CACHE_DIR: join(dirname(dirname(program)), '.mypy_cache'),
  };
  const [command, ...before] = name === 'ruff' ? [program] : ['python3', '-m', name];
  return runLogged(command ?? program, [...before, ...words], { cwd, env, log, timeoutSeconds: 300 });
}
