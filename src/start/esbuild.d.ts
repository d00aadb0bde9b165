/**
 * Loads a TypeScript module of berth with its imports and the project's systems, and returns its exports. The module
 * must not use top-level `await`.
 * @param main path from berth's folder
 */
export function load<Exports = Record<string, never>>(main: string): Promise<Exports>;
