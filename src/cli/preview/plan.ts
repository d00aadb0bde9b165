import { z } from 'zod';

const metadata = z.object({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  keys: z.array(z.string()).nullish(),
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ diffKind: z.string() })).nullish(),
});

const event = z.object({
  /** Begins a preview or an update */
  preludeEvent: z.unknown().optional(),
  resourcePreEvent: z.object({ metadata }).optional(),
  resOutputsEvent: z.object({ metadata }).optional(),
  resOpFailedEvent: z.object({ metadata }).optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      /** Whether it concerns the present moment only */
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  policyEvent: z
    .object({ resourceUrn: z.string().optional(), message: z.string(), enforcementLevel: z.string().optional() })
    .optional(),
  errorEvent: z.object({ error: z.string() }).optional(),
  /** Ends a preview or an update */
  summaryEvent: z.object({ isPreview: z.boolean().default(false) }).optional(),
});

/** The used part of an event in the engine's log */
export type EngineEvent = z.infer<typeof event>;

export const operations = ['replace', 'delete', 'create', 'update'] as const;
export type Operation = (typeof operations)[number];

/** The operation on one resource */
export interface PlannedOperation {
  operation: Operation;
  name: string;
  type: string;
  /** Changed properties; for a replacement, those that force it */
  properties: readonly string[];
}

export interface EngineProblem {
  severity: 'error' | 'warning';
  message: string;
  /** Name of the resource, where the problem concerns one */
  name?: string;
}

/** Plan of the engine */
export interface Plan {
  steps: readonly PlannedOperation[];
  /** Number of unchanged resources */
  unchanged: number;
  problems: readonly EngineProblem[];
}

/** Returns the events of a log, one per line; an incomplete last line is skipped */
export const eventsOf = (log: string): readonly EngineEvent[] =>
  log.split('\n').flatMap((line) => {
    try {
      return [event.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });

/**
 * Returns the plan from a preview's events. Only errors and warnings are kept of its messages, because others may
 * contain secrets.
 */
export function planOf(events: readonly EngineEvent[]): Plan {
  const steps = new Map<string, PlannedOperation>();
  const same = new Set<string>();
  for (const { metadata } of events.flatMap(({ resourcePreEvent }) => resourcePreEvent ?? [])) {
    if (isDefaultProvider(metadata)) continue;
    const operation = operationOf(metadata.op);
    if (metadata.op === 'same') same.add(metadata.urn);
    // A replacement has three steps, in any order
    if (operation === undefined || steps.get(metadata.urn)?.operation === 'replace') continue;
    steps.set(metadata.urn, {
      operation,
      name: nameOf(metadata.urn),
      type: metadata.type,
      properties: propertiesOf(metadata, operation),
    });
  }
  const sorted = operations.flatMap((operation) => [...steps.values()].filter((step) => step.operation === operation));
  return { steps: sorted, unchanged: same.size, problems: problemsOf(events) };
}

/**
 * Returns why a preview failed, or undefined. With `--expect-no-changes` the engine also exits with an error for
 * changes, which is no failure.
 */
export function previewFailure(
  run: { code: number | null; said: string },
  { steps, problems }: Plan,
): string | undefined {
  const wrong = problems.some(({ severity }) => severity === 'error');
  if (!wrong && (run.code === 0 || (steps.length > 0 && run.said.includes('no changes were expected'))))
    return undefined;
  return run.said.trim() || `the engine ended with code ${run.code}`;
}

/** Whether a resource is a default provider, which the engine also leaves out of its counts */
export const isDefaultProvider = ({ type, urn }: z.infer<typeof metadata>): boolean =>
  type.startsWith('pulumi:providers:') && /^default(_|$)/.test(nameOf(urn));

/** Returns the operation of a step; others, such as `read` and `refresh`, change nothing */
export function operationOf(op: string): Operation | undefined {
  if (op.includes('replace')) return 'replace';
  if (op === 'import') return 'create';
  return operations.find((operation) => operation === op);
}

function propertiesOf(
  { detailedDiff, keys, diffs }: z.infer<typeof metadata>,
  operation: Operation,
): readonly string[] {
  const detailed = Object.entries(detailedDiff ?? {});
  if (operation === 'update') return detailed.length > 0 ? detailed.map(([path]) => path) : (diffs ?? []);
  if (operation !== 'replace') return [];
  const forcing = detailed.filter(([, { diffKind }]) => diffKind.endsWith('-replace')).map(([path]) => path);
  return forcing.length > 0 ? forcing : (keys ?? []);
}

function problemsOf(events: readonly EngineEvent[]): readonly EngineProblem[] {
  return events.flatMap(({ diagnosticEvent }): EngineProblem[] => {
    if (!diagnosticEvent) return [];
    const { severity, message, urn } = diagnosticEvent;
    if (severity !== 'error' && severity !== 'warning') return [];
    return [{ severity, message: message.trim(), ...(urn ? { name: nameOf(urn) } : {}) }];
  });
}

export const nameOf = (urn: string): string => urn.split('::').at(-1) ?? urn;
