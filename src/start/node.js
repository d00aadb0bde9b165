// Imported first: refuses a Node.js that is too old, before anything that it can't run is loaded. Plain JavaScript of any age
import { readFileSync } from 'node:fs';

/**
 * Returns why a version of Node.js is refused; undefined for one that is new enough
 * @param {string} version such as 20.12.0
 * @param {string} engines of package.json, such as >=20.12
 * @returns {string | undefined}
 */
export function nodeFlaw(version, engines) {
  const least = engines.replace('>=', '');
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `berth needs Node.js ${least} or newer, and this is ${version}: install a newer one (https://nodejs.org)`;
}

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const flaw = nodeFlaw(process.versions.node, engines.node);
if (flaw !== undefined) {
  console.error(flaw);
  process.exit(1);
}
