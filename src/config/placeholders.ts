import type { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';
import type { Problem } from '../model/problem.ts';
import { type Path, pathText } from './path.ts';
import { shown } from './shown.ts';
import { cloudNamed, member, valueAt, visit } from './walk.ts';

/**
 * Values that stand in a file until somebody puts in their own: what this project's own files came with, and what is
 * kept for documentation. Nothing is made of them, but on this computer, where each serves as well as another.
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
      message: 'is a placeholder, and nothing can be made with it',
      allowed,
      fix: 'put your own in its place',
    });
  });
  return problems;
}

/** Whether only machines on this computer read what stands there */
function isHere(config: unknown, [part, system]: Path, clouds: Clouds): boolean {
  const entries = Object(member(config, 'berth:systems'));
  const readers = part === 'berth:systems' && system !== undefined ? [system] : Object.keys(entries);
  return (
    readers.length > 0 &&
    readers.every((name) => cloudNamed(clouds, valueAt(entries, [name, 'cloud']))?.capabilities.onThisComputer)
  );
}
