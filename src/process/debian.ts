import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../paths.ts';
import { withLock } from './lock.ts';
import { isOnPath } from './onPath.ts';
import { runLogged } from './stage.ts';

export interface DebianPackages {
  /** A program of theirs: nothing is done where it is there already. */
  program: string;
  packages: readonly string[];
  /** What they are needed for, as the beginning of the error's sentence. */
  why: string;
  /** Whether a service that they bring may start. @default true */
  startServices?: boolean;
}

/**
 * Makes sure that a program of Debian's is there: on Debian and Ubuntu as root it is installed. Gives whether it was.
 * @throws one sentence with the line to run by hand
 */
export async function requireProgram(wanted: DebianPackages, log: (line: string) => void): Promise<boolean> {
  if (isOnPath(wanted.program)) return false;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(`${wanted.why}, which is not installed: run \`sudo apt-get install ${wanted.packages.join(' ')}\``);
  }
  // apt waits for dpkg's lock, but not for that of its lists: two stages at once would fail
  return withLock(join(cacheFolder(), 'apt.lock'), log, async () => {
    if (isOnPath(wanted.program)) return false;
    log(`installing ${wanted.packages.join(' ')}`);
    const install = () => aptGet(['install', '-y', '--no-install-recommends', ...wanted.packages], log);
    await aptGet(['update', '-qq'], log);
    await (wanted.startServices === false ? withoutServices(install) : install());
    return true;
  });
}

/** Somebody else may be installing something at this moment: then it waits. */
function aptGet(words: readonly string[], log: (line: string) => void): Promise<string> {
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Get::Lock::Timeout=300', '-o', 'Acquire::Retries=10'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return runLogged('apt-get', [...patient, ...words], { log, env, timeoutSeconds: 900 });
}

/** Debian asks this file before it starts a service; a person's own stays. */
async function withoutServices<T>(install: () => Promise<T>): Promise<T> {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await install();
  } finally {
    await rm(policy);
  }
}
