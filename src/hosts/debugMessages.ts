import * as pulumi from '@pulumi/pulumi';

/**
 * Leaves out what Pulumi tells the engine of each resource in debug messages: all that it sent and got, secrets in clear,
 * for every event log and for the terminal of whoever runs `pulumi --debug`. They go one after another, three a
 * resource, and the program waits for the last: without them a preview of four systems takes a tenth less.
 */
export function leaveOutDebugMessages(): void {
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}
