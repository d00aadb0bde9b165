import debuggable from '@pulumi/pulumi/runtime/debuggable.js';

// Pulumi asks a trace of each promise that it makes, in case it leaks: a fifth of all time here. It gets an empty one
const { debuggablePromise } = debuggable as unknown as Debuggable;

(debuggable as unknown as Debuggable).debuggablePromise = (...made) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(...made);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

/** What its module exports, which its types keep to themselves */
interface Debuggable {
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
}
