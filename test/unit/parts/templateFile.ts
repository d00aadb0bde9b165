import { fileURLToPath } from 'node:url';

/** The path of a file of templates/ */
export const templateFile = (path: string): string =>
  fileURLToPath(new URL(`../../../templates/${path}`, import.meta.url));
