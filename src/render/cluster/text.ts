import { Document } from 'yaml';
import type { Manifest } from './manifest.ts';

/** Returns an object as YAML. What reads it takes words such as `off` for booleans (YAML 1.1): they are quoted. */
export const manifestText = (manifest: Manifest): string =>
  new Document(manifest, { version: '1.1', aliasDuplicateObjects: false }).toString({ lineWidth: 0 });
