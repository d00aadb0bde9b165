import * as pulumi from '@pulumi/pulumi';
import debuggable from '@pulumi/pulumi/runtime/debuggable.js';

/** What its module exports, which its types keep to themselves */
interface Debuggable {
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
}

/**
 * Leaves out what Pulumi writes and nobody should read, or does: a tenth of a preview of four systems.
 *
 * - Debug messages: of each resource all that was sent and got, secrets in clear, for every event log and the terminal of
 *   whoever runs `pulumi --debug`. They go one after another, three a resource, and the program waits for the last.
 * - The trace of each promise, eighty a resource, in case it leaks.
 */
export function leaveOutUnread(): void {
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
  const internal = debuggable as unknown as Debuggable;
  const { debuggablePromise } = internal;
  internal.debuggablePromise = (...made) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...made);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
