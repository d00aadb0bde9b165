import type { z } from 'zod';

/** Check of a block with two numbers: `max` may not be less than `min` */
export function minToMax({ value: { min, max }, issues }: z.core.ParsePayload<{ min: number; max: number }>): void {
  if (min > max)
    issues.push({ code: 'custom', path: ['max'], input: max, message: `is less than min, which is ${min}` });
}
