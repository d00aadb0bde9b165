/**
 * Loads a TypeScript module of berth with all that it imports, the project's systems too, and gives its exports. It may
 * await nothing at its top level.
 * @param main its path from berth's folder
 */
export function load<Exports = Record<string, never>>(main: string): Promise<Exports>;
