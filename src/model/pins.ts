/** Options of a system that name its code, by name: put back, they bring the former release back. An unset one is undefined */
export type Pins = Readonly<Record<string, unknown>>;

/**
 * What of a system's options names its code; an empty block says nothing.
 * @param names the options that do
 */
export function pinsOf(names: readonly string[], options: unknown): Pins {
  const all = new Map<string, unknown>(Object.entries(options ?? {}));
  const set = names.flatMap((name) => (isSaid(all.get(name)) ? [[name, all.get(name)]] : []));
  return Object.fromEntries(set);
}

/** Pins that bring others back: what those did not set is unset */
export const broughtBack = (former: Pins, present: Pins): Pins => ({
  ...Object.fromEntries(Object.keys(present).map((name) => [name, undefined])),
  ...former,
});

const isSaid = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined;

/** For people, for example `1.0.0, api 1.0.1` */
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
