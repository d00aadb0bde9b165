import { z } from 'zod';
import { port } from '../inputs.ts';

const container = z.strictObject({
  /** Name of its resource */
  name: z.string(),
  /** Minimum memory in MB once it is in use */
  memoryMb: z.number(),
  /** Minimum disk space in MB that it has written by then */
  diskMb: z.number(),
  publish: z.array(z.strictObject({ machinePort: port, hostPort: port })),
});

/** Resources of this computer that the containers of a stack need */
export const wantedOfComputer = z.strictObject({
  /** Label of everything that the stack creates */
  owner: z.string(),
  /** Name of the stack's file, for messages */
  file: z.string(),
  containers: z.array(container),
  /** Images that docker must have */
  images: z.array(z.string()),
  /** Disk space in MB for images that are still to be built */
  imagesMb: z.number(),
});

export type WantedOfComputer = z.infer<typeof wantedOfComputer>;
export type ContainerOfComputer = z.infer<typeof container>;
