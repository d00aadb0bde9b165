import { stringify } from 'yaml';
import { withEntry } from '../new/entry.ts';
import type { Finding } from '../new/finding.ts';
import type { Entry } from './entry.ts';
import { noHostKey } from './machines.ts';

/**
 * Returns the text of an environment's file with these systems: the file's own with their entries more, or a new one
 * @param former text of the file; undefined where there is none
 * @returns a finding where the file has one of them already, or no block of systems
 */
export function environmentText(
  former: string | undefined,
  file: string,
  entries: readonly Entry[],
  cloud: CloudBlocks = {},
): { text: string } | { finding: Finding } {
  if (former === undefined) return { text: newFile(entries, cloud) };
  let text = former;
  for (const { system, options } of entries) {
    const next = withEntry(text, system, options);
    if (next === undefined) {
      const what = `${file} has ${system} already, or no block berth:systems`;
      const way = '--dry-run prints the entry: put it there by hand';
      return { finding: { kind: 'refused', what, way } };
    }
    text = next;
  }
  return { text: withMarks(text) };
}

/** What stands beside the systems in a new file */
export interface CloudBlocks {
  /** Range of the networks that berth makes */
  network?: string;
  /** Settings by cloud */
  settings?: Readonly<Record<string, unknown>>;
}

/** Returns the entries alone, as they stand in a file */
export const entriesText = (entries: readonly Entry[], cloud: CloudBlocks = {}): string =>
  withMarks(printed({ ...cloudBlocks(cloud), ...blockOf(entries) }));

const cloudBlocks = ({ network, settings }: CloudBlocks) => ({
  ...(network !== undefined && { 'berth:network': network }),
  ...(settings !== undefined && { 'berth:clouds': settings }),
});

function newFile(entries: readonly Entry[], cloud: CloudBlocks): string {
  const operators = { networks: ['198.51.100.0/24'], sshPublicKeys: [`${noHostKey} replace-me`] };
  const config = { 'berth:operators': operators, ...cloudBlocks(cloud), ...blockOf(entries) };
  return withMarks(printed({ config }));
}

const blockOf = (entries: readonly Entry[]) => ({
  'berth:systems': Object.fromEntries(entries.map(({ system, options }) => [system, options])),
});

const printed = (data: unknown): string => stringify(data, { lineWidth: 0, flowCollectionPadding: true });

/** Marks what stands in the place of something that is not known */
const withMarks = (text: string): string =>
  text
    .replace(/^(\s*- 198\.51\.100\.0\/24)$/m, '$1 # replace: your office, your VPN, the runner that deploys')
    .replaceAll(new RegExp(`^(.*hostKey: ${noHostKey.replaceAll('+', '\\+')})$`, 'gm'), '$1 # replace');
