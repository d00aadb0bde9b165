import type { HostFile } from './hostFiles.ts';

/** Files of a Traefik or nginx edge */
export interface EdgeFiles {
  /** Hash of the edge without its routes; empty where a reload activates every change */
  hash: string;
  /** Compose file of a containerised edge. A changed one is not activated by a release unless `restartEdge` is set. */
  compose?: string;
  /** Files that the container reads when it starts: text by path on the host */
  start: Readonly<Record<string, string>>;
  /**
   * Text by path of a certificate from secrets and its key, readable only by the edge's user; another certificate has
   * other paths
   */
  closed: Readonly<Record<string, string>>;
  /** Configuration files on the machine itself */
  host: readonly HostFile[];
  /**
   * Routes, with `@frontend@` in place of the live colour's port and `@generation@` in place of the number of the
   * switch
   */
  routes: { name: 'routes.yaml' | 'routes.conf'; text: string };
  /** Names for which it gets certificates from an authority */
  certificates: readonly string[];
  /** Folders: mode, owner and path */
  folders: readonly (readonly [string, string, string])[];
  /** Debian packages */
  packages: readonly string[];
}
