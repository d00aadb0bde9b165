/** Name under which the list of a project's systems is imported */
export const systemsModule: string;

/** Returns the folder of the nearest project upward that has its own systems, otherwise berth's folder */
export function projectOfSystems(folder: string): string;

/** Returns the source of a module that exports a project's `systems`, by the names of their folders */
export function systemsText(project: string): string;
