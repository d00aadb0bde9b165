import type { Provisioned } from '../cloud.ts';

/** What a part of the cloud gives to those that name it */
export type Found = Pick<Provisioned, 'facts' | 'secretFacts'>;

/** The same of several parts */
export const together = (parts: readonly Found[]): Found => ({
  facts: Object.assign({}, ...parts.map(({ facts }) => facts)),
  secretFacts: parts.flatMap(({ secretFacts }) => secretFacts),
});

/** Facts of a part by their short names */
export const factsOf = (prefix: string, values: Provisioned['facts']): Provisioned['facts'] =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
