import type { Policy } from '../../policy/policy.ts';

export const policies: readonly Policy[] = [];
