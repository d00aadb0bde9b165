import { isDeepStrictEqual } from 'node:util';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { machineName } from '../../model/names.ts';
import { broughtBack } from '../../model/pins.ts';
import type { FormerSystem } from '../outputs.ts';
import { type DeclaredSystems, missingParts, type PutBack, putBack } from './plan.ts';
import { withoutSystems, withPins } from './stackText.ts';

/** The text of the stack's file to deploy, and the way back if that fails */
export interface Scope {
  text: string;
  plan: PutBack;
}

interface Given {
  /** Text of the stack's file */
  text: string;
  environment: Environment;
  declared: DeclaredSystems;
  former: Readonly<Record<string, FormerSystem>>;
}

/** Returns the scope of the whole stack */
export const wholeStack = ({ text, environment, declared, former }: Given): Scope => ({
  text,
  plan: putBack(former, declared, environment.images),
});

/**
 * Returns the scope of one system. The others are declared at their deployed versions, so that the stack's outputs stay
 * true, and left out where they were never deployed.
 * @throws where another system declares a part that does not exist yet, which the engine cannot leave out
 */
export function oneSystem(system: string, { text, environment, declared, former }: Given): Scope {
  const others = Object.entries(declared).filter(([name]) => name !== system);
  const standing = others.flatMap(([name, blueprint]) => {
    const before = former[name];
    return before ? [{ name, before, blueprint }] : [];
  });
  const missing = standing.flatMap(({ name, before, blueprint }) =>
    missingParts(before, environment.systems[name]?.cloud ?? '', blueprint).map((part) => `${name}: ${part}`),
  );
  if (missing.length > 0) {
    throw new Error(
      `${system} can't be deployed alone while other systems declare resources that do not exist yet, which the engine can't leave ` +
        `out (${missing.join('; ')}): deploy the whole stack, without --system`,
    );
  }
  const unknown = others.map(([name]) => name).filter((name) => !(name in former));
  const pins = standing.flatMap(({ name, before, blueprint }) =>
    before.pins ? [[name, broughtBack(before.pins, blueprint.pins)]] : [],
  );
  const own = declared[system];
  // Their former versions may run images that the file does not pin any more
  const inFile = Object.keys(environment.images ?? {});
  const images = standing.flatMap(({ before }) =>
    Object.entries(before.images ?? {}).filter(([reference]) => !inFile.includes(reference)),
  );
  return {
    text: withPins(withoutSystems(text, unknown), Object.fromEntries(pins), Object.fromEntries(images)),
    plan: putBack(former, own ? { [system]: own } : {}, environment.images),
  };
}

/** Names of the machines of a role */
export const machinesOfRole = ({ system, roles }: Blueprint, role: string): readonly string[] =>
  Array.from({ length: roles[role]?.count ?? 0 }, (_, index) => machineName({ system, role, index }));

/**
 * Returns the scope of one role of a system; everything else of the stack stays as it is
 * @param blueprintOf returns the system's blueprint as a file's text declares it
 * @throws where the number of its machines changes, which others have to know, or where another role has another version
 * in the file than the deployed one: the stack's outputs would tell it of machines that do not have it
 */
export function oneRole(
  system: string,
  role: string,
  given: Given,
  blueprintOf: (text: string) => Blueprint | undefined,
): Scope {
  const { declared, former, text } = given;
  const [own, before] = [declared[system], former[system]];
  if (!own || !before) throw new Error(`${system} was never deployed: deploy it without --role first`);
  const names = machinesOfRole(own, role);
  const deployed = Object.keys(before.machines).filter((name) => name.replace(/-\d+$/, '') === `${system}-${role}`);
  if (!isDeepStrictEqual([...names].sort(), deployed.sort())) {
    throw new Error(
      `${system}/${role} has ${deployed.length} machines, and ${names.length} are declared: a balancer has to know that, ` +
        `so deploy ${system} without --role, or use berth scale`,
    );
  }
  const missing = missingParts(before, given.environment.systems[system]?.cloud ?? '', own);
  if (missing.length > 0)
    throw new Error(
      `${role} can't be deployed alone while ${system} lacks ${missing.join(', ')}: deploy it without --role`,
    );
  const formerly = before.pins && blueprintOf(withPins(text, { [system]: broughtBack(before.pins, own.pins) }));
  const others = Object.keys(own.roles).filter(
    (name) => name !== role && formerly && !isDeepStrictEqual(formerly.roles[name], own.roles[name]),
  );
  if (others.length > 0) {
    throw new Error(
      `${others.join(', ')} of ${system} would stay at another version than the file declares: deploy ${system} without ` +
        `--role, or give ${role} a version of its own (berth set-version <stack> ${system}/${role} <version>)`,
    );
  }
  return oneSystem(system, given);
}
