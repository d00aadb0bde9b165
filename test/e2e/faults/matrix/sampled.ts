import { describe, expect, test } from 'vitest';
import { send } from '../../byHand.ts';
import type { Scene } from '../scene.ts';
import { type Ground, seenOf } from './cell.ts';
import { sample } from './names.ts';
import { wholeReleases } from './releases.ts';
import { isWhole, lineOf } from './table.ts';

/** The same cells each time, unless BERTH_SEED names others: a check says the same of the same change */
const seed = Number(process.env.BERTH_SEED ?? 142_638_578);

/** Each step of a release and each fault once, of the matrix that `npm run bench -- faults` goes through whole */
export function sampledFaults(scene: () => Scene): void {
  describe(`of the fault matrix, by BERTH_SEED=${seed}`, () => {
    let ground: Ground | undefined;
    const prepared = async (): Promise<Ground> => {
      if (ground) return ground;
      const releases = wholeReleases(scene());
      expect(await send(releases['3.3.0']).done).toMatchObject({ code: 0 });
      ground = { stack: scene().stack, releases };
      return ground;
    };

    test.each(sample(seed))('$fault as $step begins: one release serves, and the next is whole', async (cell) => {
      const seen = await seenOf(await prepared(), cell);
      console.log(lineOf(seen));
      expect(isWhole(seen), lineOf(seen)).toBe(true);
      expect({ cell, failed: seen.failed }).toEqual({
        cell,
        failed: failsRequests.has(cell.fault) ? expect.any(Number) : 0,
      });
    });
  });
}

/** Faults that end services themselves, or what leads to them, not only their release */
const failsRequests: ReadonlySet<string> = new Set(['power', 'memory', 'docker']);
