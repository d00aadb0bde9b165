import type { Blueprint } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';
import { machineFact } from '../../model/names.ts';
import { isContainer } from '../../model/service.ts';
import { type Facts, neighbourFact } from '../../model/value.ts';
import { memberName } from './input.ts';

/** Returns the facts that a cluster's own names give: members by their Services, and services of a pod by loopback */
export const nameFacts = (blueprint: Blueprint): Facts =>
  Object.fromEntries([
    ...machinesOf(blueprint).flatMap(({ machine: { role, index } }) =>
      (['publicAddress', 'privateAddress'] as const).map((kind) => [
        machineFact(role, index, kind),
        memberName(role, index),
      ]),
    ),
    ...neighbourFacts(blueprint),
  ]);

/** The containers of a pod have one network: each reaches the others by its own loopback address */
export const neighbourFacts = ({ roles }: Blueprint): readonly (readonly [string, string])[] =>
  Object.values(roles).flatMap(({ services }) =>
    services.filter(isContainer).map(({ name }) => [neighbourFact(name), '127.0.0.1'] as const),
  );
