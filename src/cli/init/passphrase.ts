import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the engine has a passphrase already; an empty variable counts as absent */
export const hasPassphrase = ({
  PULUMI_CONFIG_PASSPHRASE,
  PULUMI_CONFIG_PASSPHRASE_FILE,
}: NodeJS.ProcessEnv): boolean => Boolean(PULUMI_CONFIG_PASSPHRASE || PULUMI_CONFIG_PASSPHRASE_FILE);

/** Runs work that needs a passphrase; a given one is kept in a private file while it runs */
export async function withPassphrase<Result>(
  environment: NodeJS.ProcessEnv,
  passphrase: string | undefined,
  work: (environment: NodeJS.ProcessEnv) => Promise<Result>,
): Promise<Result> {
  // An empty variable would take precedence over the file
  const { PULUMI_CONFIG_PASSPHRASE: value, ...others } = environment;
  const own = value ? environment : others;
  if (passphrase === undefined) return work(own);
  const folder = mkdtempSync(join(tmpdir(), 'berth-init-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const stop = (): never => process.exit(130);
  process.once('exit', remove).once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const file = join(folder, 'passphrase');
    writeFileSync(file, passphrase, { mode: 0o600 });
    return await work({ ...others, PULUMI_CONFIG_PASSPHRASE_FILE: file });
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', stop).off('SIGTERM', stop);
  }
}
