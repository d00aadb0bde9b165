import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { sweep } from '../../src/clouds/local/setUp/stack.ts';
import { checkout } from '../../src/paths.ts';
import type { Place } from '../../src/pulumi/place.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Place of the cluster that this run's files share */
    cluster: Place;
  }
}

/** Names the cluster of this run, which the first file that needs it starts, and removes it after the last */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-cluster-'));
  const place = { stack: `cluster-${process.pid}`, folder, project: checkout };
  provide('cluster', place);
  return async () => {
    await sweep(place);
    await rm(folder, { recursive: true, force: true });
  };
}
