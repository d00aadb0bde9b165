import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Returns the labels that every resource has, on clouds that have labels */
export const labels = (environment: string, system: string, role?: string): Readonly<Record<string, string>> => ({
  system,
  environment,
  ...(role !== undefined && { role }),
  'managed-by': 'berth',
  'berth-version': version,
});
