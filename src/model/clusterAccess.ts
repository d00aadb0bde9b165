export interface Answer {
  status: number;
  body: unknown;
}

/**
 * Asks a cluster's API for a path, or posts an object to it
 * @param method @default POST with an object, else GET
 */
export type Ask = (path: string, object?: object, method?: 'GET' | 'POST' | 'DELETE') => Promise<Answer>;

/** How commands ask a cluster */
export interface ClusterAccess {
  ask: Ask;
  /** Tells each line of a text as the cluster writes it, to its end. Returns the status of the answer. */
  follow(path: string, line: (text: string) => void): Promise<number>;
}
