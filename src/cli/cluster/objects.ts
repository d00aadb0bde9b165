import { z } from 'zod';

// What commands read of a cluster's objects; fields that they only hand on stay as they are

const labels = z.record(z.string(), z.string()).default({});

const container = z.looseObject({
  name: z.string(),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string() })).default([]),
});

const podSpec = z.looseObject({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
});

const template = z.looseObject({ metadata: z.looseObject({ labels }), spec: podSpec });

const jobSpec = z.looseObject({ template, activeDeadlineSeconds: z.number().optional() });

export const cronJob = z.object({ spec: z.object({ jobTemplate: z.object({ spec: jobSpec }) }) });

const conditions = z
  .array(
    z.object({ type: z.string(), status: z.string(), reason: z.string().optional(), message: z.string().optional() }),
  )
  .default([]);

export const job = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string().default(''),
    labels,
    ownerReferences: z.array(z.object({ name: z.string() })).default([]),
  }),
  spec: jobSpec,
  status: z.object({ active: z.number().default(0), conditions }).default({ active: 0, conditions: [] }),
});

export const workload = z.object({ spec: z.object({ template }) });

const containerStatus = z.object({
  name: z.string(),
  state: z
    .object({
      waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
      running: z.unknown().optional(),
      terminated: z.object({ exitCode: z.number(), finishedAt: z.string().default('') }).optional(),
    })
    .default({}),
});

export const pod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: podSpec,
  status: z
    .object({
      initContainerStatuses: z.array(containerStatus).default([]),
      containerStatuses: z.array(containerStatus).default([]),
    })
    .default({ initContainerStatuses: [], containerStatuses: [] }),
});

export const event = z.object({ type: z.string().default(''), message: z.string().default('') });

export const listOf = <Schema extends z.ZodType>(schema: Schema) => z.object({ items: z.array(schema) });

export type JobSpec = z.infer<typeof jobSpec>;
export type Template = z.infer<typeof template>;
export type Job = z.infer<typeof job>;
export type Pod = z.infer<typeof pod>;
export type PodContainer = z.infer<typeof container>;
