import { inject } from 'vitest';
import { sweep } from '../../src/clouds/local/setUp/stack.ts';
import { startedCluster, type TestCluster } from './started.ts';

export { askedByName, roots, type TestCluster } from './started.ts';

/** Returns this run's cluster of two nodes, which the first caller starts and waits for */
export const testCluster = (): Promise<TestCluster> => startedCluster(inject('cluster'));

/** Returns a cluster of one file's own, whose nodes it may break; `remove` takes it down */
export async function ownCluster(name: string): Promise<TestCluster & { remove(): Promise<unknown> }> {
  const shared = inject('cluster');
  const place = { ...shared, stack: `${name}-${shared.stack}` };
  return { ...(await startedCluster(place)), remove: () => sweep(place) };
}
