import { table } from '../table.ts';
import type { PolicyReport, ReportedFinding } from './report.ts';

/** Returns a report for people: one line for each finding, and the number of unjustified ones */
export function policyTable({ resources, findings }: PolicyReport): string {
  const broken = findings.filter(({ why }) => why === undefined).length;
  const end = `${resources} resources, ${counted(findings.length, 'finding')}: ${broken === 0 ? 'all are accepted' : `${broken} not accepted`}.\n`;
  if (findings.length === 0) return end;
  return `${table(['RULE', 'RESOURCE', 'REQUIREMENT', 'ACCEPTED BECAUSE'], findings.map(row))}\n${end}`;
}

const row = ({ ids, resource, what, why }: ReportedFinding): readonly string[] => [
  ids.join(' '),
  resource,
  what,
  why === undefined ? 'VIOLATED, and not accepted' : `meant: ${why}`,
];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
