/** What the module that lists a project's systems is imported as */
export const systemsModule: string;

/** The folder of the nearest project, upward from a folder, that has systems of its own; else berth's */
export function projectOfSystems(folder: string): string;

/** The text of a module that exports `systems`: those of a project, by the name of their folder */
export function systemsText(project: string): string;
