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
  resourcePreEvent: z.object({ metadata }).optional(),
  diagnosticEvent: z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }).optional(),
});

/** An event of the engine's log, as far as it is looked at */
export type EngineEvent = z.infer<typeof event>;

export const operations = ['replace', 'delete', 'create', 'update'] as const;
export type Operation = (typeof operations)[number];

/** What would be done with one resource */
export interface Step {
  operation: Operation;
  name: string;
  type: string;
  /** Properties that change; of a replacement those that can't change in place */
  properties: readonly string[];
}

export interface Problem {
  severity: 'error' | 'warning';
  message: string;
  /** The resource's name, where it is about one */
  name?: string;
}

/** What the engine would do */
export interface Plan {
  steps: readonly Step[];
  /** Resources that stay as they are */
  unchanged: number;
  problems: readonly Problem[];
}

/** The events of a log: one a line; a last line that was cut off is none */
export const eventsOf = (log: string): readonly EngineEvent[] =>
  log.split('\n').flatMap((line) => {
    try {
      return [event.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });

/** The plan that a preview's events tell; what isn't an error or a warning is left out, for it may hold secrets */
export function planOf(events: readonly EngineEvent[]): Plan {
  const steps = new Map<string, Step>();
  const same = new Set<string>();
  for (const { metadata } of events.flatMap(({ resourcePreEvent }) => resourcePreEvent ?? [])) {
    if (isDefaultProvider(metadata)) continue;
    const operation = operationOf(metadata.op);
    if (metadata.op === 'same') same.add(metadata.urn);
    // A replacement takes three steps, of which any may come first
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
 * Why a preview failed, where it did: an engine that was told to expect no changes ends badly for having found some,
 * which is no failure.
 */
export function failureOf(run: { code: number | null; said: string }, { steps, problems }: Plan): string | undefined {
  const wrong = problems.some(({ severity }) => severity === 'error');
  if (!wrong && (run.code === 0 || (steps.length > 0 && run.said.includes('no changes were expected'))))
    return undefined;
  return run.said.trim() || `the engine ended with code ${run.code}`;
}

/** The engine makes it by itself, and leaves it out of its own counts too */
const isDefaultProvider = ({ type, urn }: z.infer<typeof metadata>): boolean =>
  type.startsWith('pulumi:providers:') && /^default(_|$)/.test(nameOf(urn));

/** Other operations, such as `read` and `refresh`, change nothing */
function operationOf(op: string): Operation | undefined {
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

function problemsOf(events: readonly EngineEvent[]): readonly Problem[] {
  return events.flatMap(({ diagnosticEvent }): Problem[] => {
    if (!diagnosticEvent) return [];
    const { severity, message, urn } = diagnosticEvent;
    if (severity !== 'error' && severity !== 'warning') return [];
    return [{ severity, message: message.trim(), ...(urn ? { name: nameOf(urn) } : {}) }];
  });
}

const nameOf = (urn: string): string => urn.split('::').at(-1) ?? urn;
