import { readdirSync, readFileSync } from 'node:fs';
import { fileText } from './template.ts';

const folder = new URL('../hosts/host/', import.meta.url);
const read = new Map<string, string>();

/** What brings a machine to its release and keeps it there, by path in the release's folder: it goes with every release */
export function hostEngine(): Readonly<Record<string, string>> {
  if (read.size === 0) {
    read.set('start.sh', fileText('host/start.sh'));
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.py')))
      read.set(`engine/${name}`, readFileSync(new URL(name, folder), 'utf8'));
  }
  return Object.fromEntries(read);
}
