// Plain JavaScript with Node.js's own modules only: it runs in a fresh clone, before any package is installed
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Installs the packages of package-lock.json unless exactly these are installed. Ends the process if npm fails. */
export function ensurePackages() {
  if (!isInstalled(lockOf('package-lock.json'), lockOf('node_modules/.package-lock.json'))) installPackages();
}

/**
 * Returns whether npm's record of installed packages matches the lock file. Packages for other platforms may be
 * missing.
 * @param {Lock | undefined} wanted
 * @param {Lock | undefined} installed
 * @returns {boolean}
 *
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} Lock
 */
export function isInstalled(wanted, installed) {
  if (!wanted || !installed) return false;
  const isOurs = (/** @type {string} */ path) => path !== '';
  return (
    Object.keys(installed.packages).every((path) => path in wanted.packages) &&
    Object.entries(wanted.packages).every(([path, { version, integrity, optional }]) => {
      const present = installed.packages[path];
      if (!isOurs(path)) return true;
      return present ? present.version === version && present.integrity === integrity : optional === true;
    })
  );
}

function installPackages() {
  // `npm ci` empties the folder first, and through a link that would be the folder of another checkout
  if (lstatSync(join(checkout, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error('node_modules is a link whose target lacks the packages of package-lock.json: remove the link');
    process.exit(1);
  }
  const startedAt = Date.now();
  console.log('… packages');
  // It would try an absent registry for 70 s
  const retries = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=8000'];
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...retries];
  const npm = spawnSync('npm', words, { cwd: checkout, encoding: 'utf8' });
  if (npm.status !== 0) {
    console.error(`\n${obstacle(npm.stderr || String(npm.error))}\nthen run the same command again`);
    process.exit(1);
  }
  console.log(`✓ packages         ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** What keeps npm from installing, by the code of its error */
const obstacles = {
  'ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT': [
    'the registry of packages does not answer',
    'connect this computer to the internet; behind a proxy, set HTTPS_PROXY, or "npm config set proxy http://<host>:<port>"',
  ],
  'SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO_SELF_SIGNED_CERT':
    [
      'the certificate of the registry is of an authority that Node.js does not know, as behind a proxy that reads TLS',
      'set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority',
    ],
  ENOSPC: ['the disk is full', 'make room: node_modules needs 600 MB'],
  'EACCES|EPERM|EROFS': ['this user may not write here', 'let this folder and ~/.npm belong to this user'],
  ENOENT: ['npm was not found', 'install Node.js with npm (https://nodejs.org)'],
};

/**
 * Returns why npm could not install packages and what to do, or its own first lines where that is not known
 * @param {string} complaint of npm
 */
export function obstacle(complaint) {
  const what = 'the packages could not be installed';
  for (const [codes, [why, fix]] of Object.entries(obstacles)) {
    const code = new RegExp(`\\b(?:${codes})\\b`).exec(complaint);
    const address = /\b(?:connect|getaddrinfo) \w+ (\S+)/.exec(complaint)?.[1];
    if (code) return `${what}: ${why} (${code[0]}${address ? ` ${address}` : ''})\n  ${fix}`;
  }
  return `${what}:\n${complaint.trim().split('\n').slice(0, 20).join('\n')}`;
}

/** @returns {Lock | undefined} */
function lockOf(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(join(checkout, file), 'utf8'));
  } catch {
    return undefined;
  }
}
