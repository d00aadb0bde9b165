import type { Rule } from './rules.ts';

/** What a machine says of a rule; undefined for one that it is not asked */
export type Answers = Readonly<Record<string, boolean>>;

/** Returns a script that asks a machine every rule, and prints a line for each: its number and how its probe ended */
export const askingScript = (rules: readonly Rule[]): string =>
  rules
    .flatMap(({ probe }, index) =>
      probe === undefined ? [] : [`( ${probe}\n) >/dev/null 2>&1; echo "rule ${index} $?"`],
    )
    .join('\n');

/** Reads what the script printed */
export const answersIn = (rules: readonly Rule[], text: string): Answers =>
  Object.fromEntries(
    [...text.matchAll(/^rule (\d+) (\d+)$/gm)].map(([, index, code]) => [rules[Number(index)]?.id, code === '0']),
  );

/** Rules whose answer is another than the table says: those that fail without a reason, and those that hold despite one */
export const surprises = (rules: readonly Rule[], answers: Answers): readonly string[] =>
  rules.flatMap(({ id, probe, wants, why }) => {
    if (probe === undefined) return [];
    const holds = answers[id];
    if (holds === undefined) return [`${id} (${wants}) was not asked`];
    if (holds === (why === undefined)) return [];
    return [holds ? `${id} (${wants}) holds, and the table says why it does not` : `${id} (${wants}) fails`];
  });

/** Returns the table of one baseline */
export const rulesTable = (rules: readonly Rule[], answers: Answers): string =>
  [
    '| rule | what it wants | this machine | because |',
    '| --- | --- | --- | --- |',
    ...rules.map(({ id, wants, probe, why = '' }) => {
      const result = probe === undefined ? 'not asked' : answers[id] ? 'pass' : 'fail, meant';
      return `| ${id} | ${wants} | ${result} | ${why} |`;
    }),
  ].join('\n');
