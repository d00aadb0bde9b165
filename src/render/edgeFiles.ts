import type { HostFile } from './hostFiles.ts';

/** Files of an edge of either kind */
export interface EdgeFiles {
  /** Changes with the edge itself, not with its routes; none where a change of it is taken up by a reload */
  hash: string;
  /** Its container, where it is one; a change of it is a change of the edge itself, never part of a release */
  compose?: string;
  /** Path on the host → text: what its container reads when it starts */
  start: Readonly<Record<string, string>>;
  /** Path → text of a certificate of one's own and its key, for the edge's user alone; another one has other paths */
  closed: Readonly<Record<string, string>>;
  /** Files of the machine's own edge */
  host: readonly HostFile[];
  /** With `@frontend@` where the live colour's port goes and `@generation@` for the number of the switch */
  routes: { name: 'routes.yaml' | 'routes.conf'; text: string };
  /** The names whose certificates it has of an authority */
  certificates: readonly string[];
  /** Mode, owner and path */
  folders: readonly (readonly [string, string, string])[];
  /** Debian's */
  packages: readonly string[];
}
