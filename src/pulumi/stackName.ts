/** Returns a stack's name without organization and project, as in `organization/berth/preprod` */
export const stackName = (stack: string): string => stack.slice(stack.lastIndexOf('/') + 1);
