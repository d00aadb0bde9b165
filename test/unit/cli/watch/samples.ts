import { type EngineEvent, eventsOf } from '../../../../src/cli/preview/plan.ts';

const command = 'command:remote:Command';

/** An event of the engine, as its log has it */
const logged = (event: object): readonly EngineEvent[] => eventsOf(JSON.stringify(event));

const urnOf = (name: string, type: string): string => `urn:pulumi:test::shop::berth:index:System$${type}::${name}`;

const metadata = (name: string, op: string, type: string) => ({ metadata: { op, urn: urnOf(name, type), type } });

export const prelude = logged({ preludeEvent: { config: {} } });
export const previewed = logged({ summaryEvent: { isPreview: true } });
export const updated = logged({ summaryEvent: { isPreview: false } });

export const begins = (name: string, op = 'create', type = command) =>
  logged({ resourcePreEvent: metadata(name, op, type) });

export const ends = (name: string, op = 'create', type = command) =>
  logged({ resOutputsEvent: metadata(name, op, type) });

export const fails = (name: string, op = 'create', type = command) =>
  logged({ resOpFailedEvent: metadata(name, op, type) });

/** What a machine's release says */
export const says = (machine: string, message: string) =>
  logged({
    diagnosticEvent: { urn: urnOf(`${machine}-release`, command), message, severity: 'info', ephemeral: true },
  });

export const tells = (severity: string, message: string, name?: string) =>
  logged({ diagnosticEvent: { ...(name && { urn: urnOf(name, command) }), message, severity } });
