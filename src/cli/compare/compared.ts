import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentsIn } from '../../config/file.ts';
import { differences, sides } from './difference.ts';
import type { MissingView, StackComparison } from './markdown.ts';
import { type Side, type View, views, writeView } from './side.ts';

/** Compares the views of a stack on both sides; a stack that one side lacks is only named */
export async function compared(stack: string, of: Readonly<Record<'base' | 'head', Side>>): Promise<StackComparison> {
  if (!environmentsIn(of.base.project).includes(stack)) return { stack, kind: 'new' };
  if (!environmentsIn(of.head.project).includes(stack)) return { stack, kind: 'gone' };
  return comparedViews(stack, of);
}

/** Produces the views of both sides and compares those that both could produce */
async function comparedViews(stack: string, of: Readonly<Record<'base' | 'head', Side>>): Promise<StackComparison> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-compare-'));
  try {
    await Promise.all(sides.map((side) => mkdir(join(folder, side))));
    const names = Object.keys(views) as View[];
    const asked = sides.flatMap((side) =>
      names.map(async (view): Promise<readonly MissingView[]> => {
        const why = await writeView(of[side], stack, view, join(folder, side));
        return why === undefined ? [] : [{ side, view, why }];
      }),
    );
    const failures = (await Promise.all(asked)).flat();
    // Without the other side's view, all of its files would look new or gone
    for (const { view } of failures) {
      for (const side of sides) await rm(join(folder, side, views[view]), { recursive: true, force: true });
    }
    return { stack, kind: 'both', files: await differences(folder), failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
