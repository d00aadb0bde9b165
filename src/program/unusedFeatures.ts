import * as pulumi from '@pulumi/pulumi';
import debuggable from '@pulumi/pulumi/runtime/debuggable.js';

/** Internal export of Pulumi's debuggable module that its types leave out */
interface Debuggable {
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
}

/**
 * Disables two costly features of Pulumi that nobody uses; they take a tenth of a preview of four systems.
 *
 * - Debug messages: each resource's requests and responses, with secrets in clear text, for event logs and the terminal
 *   of `pulumi --debug`. They are sent one after another, three for each resource, and the program waits for the last.
 * - Stack traces of promises, eighty for each resource, recorded in case a promise leaks.
 */
export function disableUnusedFeatures(): void {
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
