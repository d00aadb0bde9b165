/** An object of a cluster that the next deployment touches */
export interface PlannedObject {
  system: string;
  /** Kind and name, for example `Deployment web` */
  machine: string;
  kind: 'object';
  does: 'is created' | 'is changed' | 'is replaced' | 'is deleted';
}

/**
 * Returns what the next deployment does to the objects of systems that are in a cluster
 * @param steps steps of the engine's plan by URN
 */
export const objectsOf = (
  steps: Readonly<Record<string, readonly string[]>>,
  systems: readonly string[],
): readonly PlannedObject[] =>
  systems.flatMap((system) =>
    Object.entries(steps).flatMap(([urn, own]): PlannedObject[] => {
      const [, kind, name] = /\$(?!pulumi:)[^:$]+:[^:$]+\/v\d+:([A-Za-z]+)::(.+)$/.exec(urn) ?? [];
      const does = effect(own);
      if (kind === undefined || does === undefined || !name?.startsWith(`${system}-`)) return [];
      return [{ system, machine: `${kind} ${name.slice(system.length + 1)}`, kind: 'object', does }];
    }),
  );

function effect(steps: readonly string[]): PlannedObject['does'] | undefined {
  if (steps.some((step) => /replace/.test(step))) return 'is replaced';
  if (steps.includes('create')) return 'is created';
  if (steps.includes('update')) return 'is changed';
  return steps.includes('delete') ? 'is deleted' : undefined;
}
