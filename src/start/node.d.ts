/**
 * Returns why a version of Node.js is refused; undefined for one that is new enough
 * @param version such as 20.12.0
 * @param engines of package.json, such as >=20.12
 */
export function nodeFlaw(version: string, engines: string): string | undefined;
