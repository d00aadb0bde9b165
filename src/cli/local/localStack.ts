/** Stack of `berth local` */
export const localStack = 'local';
