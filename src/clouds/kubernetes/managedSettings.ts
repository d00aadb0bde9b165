import { z } from 'zod';
import { guided } from '../../config/guide.ts';
import { minToMax } from '../../config/minToMax.ts';
import { word } from '../given/settings.ts';
import { ovhProject } from '../ovhProject.ts';

const nodes = (description: string) =>
  guided(z.int().min(1).max(100).describe(description), { allowed: 'a whole number from 1 to 100' });

/** A cluster that the stack makes itself, at OVH */
export const managed = guided(
  z
    .strictObject({
      project: ovhProject,
      region: word('the name of a region', 'The region of the cluster.', 'GRA9', /^[A-Z][A-Z0-9-]{1,30}$/),
      version: word(
        'a version of Kubernetes',
        'The version of Kubernetes. @default the newest that is offered when it is made',
        '1.34',
        /^1\.\d{2}$/,
      ).exactOptional(),
      nodes: guided(
        z
          .strictObject({
            flavor: word('the name of a machine size', 'The size of each node.', 'b3-8', /^[a-z0-9][a-z0-9.-]{0,63}$/),
            min: nodes('How many nodes there are at least.'),
            max: nodes('How many nodes there are at most: what pods ask for decides.'),
          })
          .check(minToMax)
          .describe('The nodes of the cluster.'),
        { allowed: 'a block such as { flavor: b3-8, min: 2, max: 5 }' },
      ),
    })
    .describe("A managed cluster of OVH's, which the stack makes and keeps, in place of a kubeconfig."),
  { allowed: 'a block with project, region and nodes' },
);

export type ManagedCluster = z.infer<typeof managed>;
