/** The options by which every system names the code that it runs: put back, they bring the former release back */
export const pinOptions = ['version', 'ref', 'versions', 'images'] as const;

/** Those of a system that are set, by option */
export type Pins = Readonly<Record<string, unknown>>;

/** What of a system's options names its code; an empty block says nothing */
export function pinsOf(options: unknown): Pins {
  const all = new Map<string, unknown>(Object.entries(options ?? {}));
  const set = pinOptions.flatMap((name) => (isSaid(all.get(name)) ? [[name, all.get(name)]] : []));
  return Object.fromEntries(set);
}

const isSaid = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== undefined;

/** For people, for example `1.0.0, api 1.0.1` */
export function pinsText(pins: Pins): string {
  const words = Object.values(pins).flatMap((value) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([part, pin]) => `${part} ${pin}`)
      : [`${value}`],
  );
  return words.join(', ');
}
