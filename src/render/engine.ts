import { readdirSync, readFileSync } from 'node:fs';
import { fileText } from './template.ts';

const folder = new URL('../hosts/host/', import.meta.url);
const read = new Map<string, string>();

/** Returns the source files of the release engine by path in the release's folder; every release contains them */
export function hostEngine(): Readonly<Record<string, string>> {
  if (read.size === 0) {
    read.set('start.sh', fileText('host/start.sh'));
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.py')))
      read.set(`engine/${name}`, readFileSync(new URL(name, folder), 'utf8'));
  }
  return Object.fromEntries(read);
}
