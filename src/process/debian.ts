import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../paths.ts';
import { withLock } from './lock.ts';
import { isOnPath } from './onPath.ts';
import { runLogged } from './stage.ts';

export interface DebianPackages {
  /** Program that the packages contain; nothing is installed if it exists */
  program: string;
  packages: readonly string[];
  /** Purpose of the packages, as the beginning of the error message */
  why: string;
  /** Whether services of the packages may start. @default true */
  startServices?: boolean;
}

/**
 * Ensures that a program is installed, as root on Debian and Ubuntu. Returns whether it was installed now.
 * @throws an error of one sentence with the command to run by hand
 */
export async function requireProgram(wanted: DebianPackages, log: (line: string) => void): Promise<boolean> {
  if (isOnPath(wanted.program)) return false;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new Error(`${wanted.why}, which is not installed: run \`sudo apt-get install ${wanted.packages.join(' ')}\``);
  }
  // apt waits for dpkg's lock but not for that of its package lists: two concurrent stages would fail
  return withLock(join(cacheFolder(), 'apt.lock'), log, async () => {
    if (isOnPath(wanted.program)) return false;
    log(`installing ${wanted.packages.join(' ')}`);
    const install = () => aptGet(['install', '-y', '--no-install-recommends', ...wanted.packages], log);
    await aptGet(['update', '-qq'], log);
    await (wanted.startServices === false ? withoutServices(install) : install());
    return true;
  });
}

/** Waits for apt's locks, in case another process is installing packages */
function aptGet(words: readonly string[], log: (line: string) => void): Promise<string> {
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'APT::Get::Lock::Timeout=300', '-o', 'Acquire::Retries=10'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return runLogged('apt-get', [...patient, ...words], { log, env, timeoutSeconds: 900 });
}

/** Debian's packages consult this file before they start a service; an existing one is kept */
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
