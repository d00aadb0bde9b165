/** A line of a file */
export interface Place {
  file: string;
  /** From 1 */
  line: number;
}

/**
 * What is not taken over as it stands. `refused`: nothing is written until it is settled. `left`: it is left out.
 * `changed`: it is done another way
 */
export interface Finding {
  kind: 'refused' | 'left' | 'changed';
  at?: Place;
  /** What it is, and why */
  what: string;
  /** What a person does about it. @default nothing is to be done */
  way?: string;
}

/** Returns findings for people, those that refuse first, each with its line */
export function findingsText(findings: readonly Finding[]): string {
  const order = ['refused', 'left', 'changed'];
  const sorted = [...findings].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return sorted
    .map(({ kind, at, what, way }, index) => {
      const place = at ? `${at.file}:${at.line}: ` : '';
      // Once for several in a row
      const isLast = way !== undefined && sorted[index + 1]?.way !== way;
      return `${words[kind]}  ${place}${what}\n${isLast ? `         → ${way}\n` : ''}`;
    })
    .join('');
}

const words = { refused: 'refused', left: 'left   ', changed: 'changed' } as const;

/** A product that cannot be taken over, with everything that stands in the way */
export class RefusedError extends Error {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const refused = findings.filter(({ kind }) => kind === 'refused');
    super(`nothing was written\n${findingsText(refused)}`.trimEnd());
    this.name = 'RefusedError';
    this.findings = findings;
  }
}
