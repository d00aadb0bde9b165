import type { Environment } from '../../model/environment.ts';
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
export const wholeStack = ({ text, declared, former }: Given): Scope => ({ text, plan: putBack(former, declared) });

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
  return {
    text: withPins(withoutSystems(text, unknown), Object.fromEntries(pins)),
    plan: putBack(former, own ? { [system]: own } : {}),
  };
}
