import type { TestProject } from 'vitest/node';
import { remove } from './services.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Name of the container that this run's files share */
    openstack: string;
  }
}

/** Names the cloud of this run, which the first file that needs it starts, and removes it after the last */
export default function setup({ provide }: TestProject): () => Promise<void> {
  const name = `berth-openstack-${process.pid}`;
  provide('openstack', name);
  return () => remove(name);
}
