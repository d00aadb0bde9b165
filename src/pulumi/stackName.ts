/** The stack's own name where it is given in full, as in `organization/berth/preprod` */
export const stackName = (stack: string): string => stack.slice(stack.lastIndexOf('/') + 1);
