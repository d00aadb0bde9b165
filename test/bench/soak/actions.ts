import { type Cell, everyCell, randomOf } from '../../e2e/faults/matrix/names.ts';

/** What happens to the machine in one round */
export type Action = { does: 'release' | 'again' | 'back' | 'reboot' } | { does: 'fault'; cell: Cell };

/** Returns so many rounds that a seed determines: a third are releases, a quarter faults, the rest ways back and reboots */
export function rounds(seed: number, count: number): Action[] {
  const next = randomOf(seed);
  const cells = everyCell();
  return Array.from({ length: count }, () => {
    const share = next();
    const cell = cells[Math.floor(next() * cells.length)] as Cell;
    if (share < 0.35) return { does: 'release' };
    if (share < 0.45) return { does: 'again' };
    if (share < 0.65) return { does: 'back' };
    return share < 0.75 ? { does: 'reboot' } : { does: 'fault', cell };
  });
}

export const nameOf = (action: Action): string =>
  action.does === 'fault' ? `${action.cell.fault} at ${action.cell.step}` : action.does;
