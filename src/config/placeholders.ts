import type { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import { type Path, pathText } from './path.ts';
import { shown } from './shown.ts';
import { cloudNamed, member, valueAt, visit } from './walk.ts';

/**
 * Returns placeholder values: those of this project's sample files, and names and addresses reserved for documentation.
 * Allowed on this computer, where they work like any other value.
 */
export function placeholderProblems(schema: z.core.$ZodType, config: unknown, clouds: Clouds): readonly Problem[] {
  const problems: Problem[] = [];
  visit(schema, config, ({ placeholder, allowed }, value, path) => {
    if (
      typeof value !== 'string' ||
      !placeholder ||
      !new RegExp(placeholder).test(value) ||
      isHere(config, path, clouds)
    )
      return;
    problems.push({
      path: pathText(path),
      value: shown(value, path),
      message: "is a placeholder, which can't be deployed",
      allowed,
      fix: 'replace it with your own value',
    });
  });
  return problems;
}

/** Returns whether a value is used only by machines on this computer */
function isHere(config: unknown, [part, system]: Path, clouds: Clouds): boolean {
  const entries = Object(member(config, 'berth:systems'));
  const readers = part === 'berth:systems' && system !== undefined ? [system] : Object.keys(entries);
  return (
    readers.length > 0 &&
    readers.every((name) => cloudNamed(clouds, valueAt(entries, [name, 'cloud']))?.capabilities.onThisComputer)
  );
}
