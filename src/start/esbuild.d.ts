/**
 * Loads a TypeScript module of this checkout with all that it imports, and gives its exports. It may await nothing at
 * its top level.
 * @param main its path from the checkout
 */
export function load<Exports = Record<string, never>>(main: string): Promise<Exports>;
