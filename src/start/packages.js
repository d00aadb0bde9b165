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
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  if (npm.status !== 0) {
    console.error((npm.stderr || String(npm.error)).split('\n').slice(0, 20).join('\n'));
    console.error('the packages could not be installed: see above, then run the same command again');
    process.exit(1);
  }
  console.log(`✓ packages         ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** @returns {Lock | undefined} */
function lockOf(/** @type {string} */ file) {
  try {
    return JSON.parse(readFileSync(join(checkout, file), 'utf8'));
  } catch {
    return undefined;
  }
}
