import { expect, test } from 'vitest';
import { auditIn } from '../../bench/hardening/audit.ts';
import { unexplained } from '../../bench/hardening/lynis.ts';

const report = `lynis_version=3.1.4
hardening_index=66
tests_executed=SSH-7408|BANN-7126|NETW-3200|
tests_skipped=DBS-1816|
warning[]=NETW-9999|A port that nobody knows|-|-|
suggestion[]=SSH-7408|Consider hardening SSH configuration|MaxSessions (set 10 to 2)|-|
suggestion[]=BANN-7126|Add a legal banner|-|-|
`;

test("Lynis' report is read with its findings, and what each is about", () => {
  expect(auditIn(report)).toEqual({
    version: '3.1.4',
    index: 66,
    executed: ['BANN-7126', 'NETW-3200', 'SSH-7408'],
    skipped: ['DBS-1816'],
    findings: [
      { id: 'NETW-9999', kind: 'warning', text: 'A port that nobody knows' },
      { id: 'SSH-7408', kind: 'suggestion', text: 'Consider hardening SSH configuration: MaxSessions (set 10 to 2)' },
      { id: 'BANN-7126', kind: 'suggestion', text: 'Add a legal banner' },
    ],
  });
});

test('a finding that no table explains is told, and an explanation that nothing needs', () => {
  const told = unexplained(auditIn(report));
  expect(told).toContain('Lynis NETW-9999 (A port that nobody knows) fails');
  expect(told.filter((line) => line.includes('SSH-7408'))).toEqual([]);
  expect(told).toContain('Lynis AUTH-9230 passes, and the table says why it does not');
});
