import * as pulumi from '@pulumi/pulumi';

/**
 * A mistake of the person who deploys, told without a stack trace. Pulumi prints the message alone, but first formats
 * the stack, which takes 15 s where sources are mapped: it has none
 */
export const mistake = (message: string): pulumi.RunError =>
  Object.assign(new pulumi.RunError(message), { stack: message });
