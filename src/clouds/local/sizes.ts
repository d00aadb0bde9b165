import type { Capabilities } from '../../model/cloud.ts';

/** Sizes of the local cloud; a machine is never larger than the computer that it stands on */
export const sizes = {
  small: { memoryMb: 2048, cpus: 2 },
  medium: { memoryMb: 4096, cpus: 2 },
  large: { memoryMb: 8192, cpus: 4 },
} satisfies Capabilities['sizes'];
