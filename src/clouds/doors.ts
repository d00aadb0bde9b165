/** Something that a firewall of a cloud lets in */
interface Door {
  /** Says who reaches what, and nothing that changes with the reason */
  name: string;
  why: string;
}

/** Each door once, with all its reasons in their order: what several rules open is one rule of every cloud */
export function joined<D extends Door>(doors: readonly D[]): readonly D[] {
  const reasons = new Map<string, Set<string>>();
  for (const { name, why } of doors) reasons.set(name, (reasons.get(name) ?? new Set()).add(why));
  const first = new Map(doors.toReversed().map((door) => [door.name, door]));
  return [...reasons].flatMap(([name, whys]) => {
    const door = first.get(name);
    return door ? [{ ...door, why: [...whys].join('; ') }] : [];
  });
}
