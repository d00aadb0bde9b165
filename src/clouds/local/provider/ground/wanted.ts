import { z } from 'zod';
import { port } from '../inputs.ts';

const container = z.strictObject({
  /** Of its resource */
  name: z.string(),
  /** What it takes at least once it serves */
  memoryMb: z.number(),
  /** What it writes at least until then */
  diskMb: z.number(),
  publish: z.array(z.strictObject({ machinePort: port, hostPort: port })),
});

/** What is about to stand on this computer, as far as it matters to the ground */
export const wantedGround = z.strictObject({
  /** The label of everything that the stack makes */
  owner: z.string(),
  /** The stack's file, as a person knows it */
  file: z.string(),
  containers: z.array(container),
  /** Docker's images that must be there */
  images: z.array(z.string()),
  /** What images that are still to be made will take */
  imagesMb: z.number(),
});

export type WantedGround = z.infer<typeof wantedGround>;
export type WantedContainer = z.infer<typeof container>;
