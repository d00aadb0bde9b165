import * as pulumi from '@pulumi/pulumi';

/**
 * Returns an error for a mistake of the user, shown without a stack trace. Pulumi prints only the message but formats
 * the stack first, which takes 15 s with source maps, so the stack is replaced.
 */
export const mistake = (message: string): pulumi.RunError =>
  Object.assign(new pulumi.RunError(message), { stack: message });
