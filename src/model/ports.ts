/** Distance between a port and the next one that is tried in its place: 8443, 8543, 8643 */
const step = 100;
const highest = 65_535;
const tries = 20;

/** Returns the ports to try in place of a wanted one, which is the first of them */
export const alternatives = (wanted: number): readonly number[] =>
  Array.from({ length: tries }, (_, index) => wanted + index * step).filter((port) => port <= highest);

/**
 * Chooses a port of this computer for each wanted one, all different
 * @param isFree whether a port can be used
 * @param former ports that were chosen before, by wanted port; they are kept while they are free
 * @returns chosen ports by wanted port; a port without a free alternative stays as it is
 */
export function choosePorts(
  wanted: readonly number[],
  isFree: (port: number) => boolean,
  former: ReadonlyMap<number, number> = new Map(),
): ReadonlyMap<number, number> {
  const chosen = new Map<number, number>();
  for (const port of wanted) {
    const before = former.get(port);
    const tried = [...(before === undefined ? [] : [before]), ...alternatives(port)];
    const given = new Set([...chosen.values(), ...wanted.filter((other) => other !== port)]);
    chosen.set(port, tried.find((one) => isFree(one) && !given.has(one)) ?? port);
  }
  return chosen;
}

/** Returns the ports of this computer that an environment file's data publishes, in their order */
export function publishedPorts(data: unknown): readonly number[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    isPublish(key, value) ? Object.values(value).filter((port) => typeof port === 'number') : publishedPorts(value),
  );
}

/** Returns an environment file's data with other published ports, by the present ones */
export function withPorts(data: unknown, chosen: ReadonlyMap<number, number>): unknown {
  if (Array.isArray(data)) return data.map((item) => withPorts(item, chosen));
  if (typeof data !== 'object' || data === null) return data;
  const other = (port: unknown): unknown => (typeof port === 'number' ? (chosen.get(port) ?? port) : port);
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      isPublish(key, value)
        ? Object.fromEntries(Object.entries(value).map(([machinePort, port]) => [machinePort, other(port)]))
        : withPorts(value, chosen),
    ]),
  );
}

/** Whether a member of an entry is the option `publish`: ports of the machine → ports of this computer */
const isPublish = (key: string, value: unknown): value is Record<string, unknown> =>
  key === 'publish' && typeof value === 'object' && value !== null && !Array.isArray(value);
