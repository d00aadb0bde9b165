import type { Capabilities } from '../../model/cloud.ts';

/** Sizes of the local cloud; the CPUs of a machine are capped at those of this computer */
export const sizes = {
  small: { memoryMb: 2048, cpus: 2 },
  medium: { memoryMb: 4096, cpus: 2 },
  large: { memoryMb: 8192, cpus: 4 },
} satisfies Capabilities['sizes'];
