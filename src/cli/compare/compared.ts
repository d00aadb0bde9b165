import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentsIn } from '../../config/file.ts';
import { differences, sides } from './difference.ts';
import type { Compared, Failure } from './markdown.ts';
import { type Side, type View, views, writeView } from './side.ts';

/** Compares what both sides make of a stack; one that a side doesn't have is no more than named */
export async function compared(stack: string, of: Readonly<Record<'base' | 'head', Side>>): Promise<Compared> {
  if (!environmentsIn(of.base.project).includes(stack)) return { stack, kind: 'new' };
  if (!environmentsIn(of.head.project).includes(stack)) return { stack, kind: 'gone' };
  return comparedViews(stack, of);
}

/** Has both sides say what they make of it, and compares what both can say */
async function comparedViews(stack: string, of: Readonly<Record<'base' | 'head', Side>>): Promise<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-compare-'));
  try {
    await Promise.all(sides.map((side) => mkdir(join(folder, side))));
    const names = Object.keys(views) as View[];
    const asked = sides.flatMap((side) =>
      names.map(async (view): Promise<readonly Failure[]> => {
        const why = await writeView(of[side], stack, view, join(folder, side));
        return why === undefined ? [] : [{ side, view, why }];
      }),
    );
    const failures = (await Promise.all(asked)).flat();
    // All of one side's would look new, or gone
    for (const { view } of failures) {
      for (const side of sides) await rm(join(folder, side, views[view]), { recursive: true, force: true });
    }
    return { stack, kind: 'both', files: await differences(folder), failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
