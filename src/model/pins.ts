/**
 * Values of the options that select a system's code version, by name; restoring them restores the former release. A
 * value is undefined where the option is unset.
 */
export type Pins = Readonly<Record<string, unknown>>;

/**
 * Returns the pins among a system's options; empty objects count as unset
 * @param names of the options that are pins
 */
export function pinsOf(names: readonly string[], options: unknown): Pins {
  const all = new Map<string, unknown>(Object.entries(options ?? {}));
  const set = names.flatMap((name) => (isSaid(all.get(name)) ? [[name, all.get(name)]] : []));
  return Object.fromEntries(set);
}

/** Returns the pins that restore a former release; options that it did not set are undefined */
export const broughtBack = (former: Pins, present: Pins): Pins => ({
  ...Object.fromEntries(Object.keys(present).map((name) => [name, undefined])),
  ...former,
});

const isSaid = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined;

/** Describes pins for people, for example `1.0.0, api 1.0.1` */
export function pinsText(pins: Pins): string {
  const words = Object.values(pins).flatMap((value) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([part, pin]) => `${part} ${pin}`)
      : isSaid(value)
        ? [`${value}`]
        : [],
  );
  return words.join(', ');
}
