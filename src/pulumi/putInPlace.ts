import { rename, rm } from 'node:fs/promises';

/** The engine uses a plugin's folder as soon as it exists, so it is moved into place once complete */
export async function putInPlace(target: string, make: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${target}.${process.pid}.partial`;
  await rm(aside, { recursive: true, force: true });
  await make(aside);
  await rm(target, { recursive: true, force: true });
  await rename(aside, target);
}
