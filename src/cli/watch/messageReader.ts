import { type EngineEvent, nameOf } from '../preview/plan.ts';
import { releaseStep, type WatchEvent } from './events.ts';
import type { HostReader } from './hostReader.ts';
import { placeOf } from './place.ts';
import { reasonOf } from './reason.ts';
import { stamp } from './times.ts';

type Diagnostic = NonNullable<EngineEvent['diagnosticEvent']>;
type Said = (event: EngineEvent) => readonly WatchEvent[];

/** Whether a line is what the engine says at the end of a run that fails or is interrupted, without a reason */
export const isEnding = (line: string): boolean =>
  /^(error: )?(update|destroy|preview) (failed|canceled)$/.test(line.trim());

/**
 * Returns a function that tells what was said in an event of the engine: by the engine and its plugins, once each, and by
 * the releases of machines
 */
export function messageReader(now: () => number, hostOf: (machine: string) => HostReader): Said {
  const said = new Set<string>();

  const told = (result: 'error' | 'warning' | 'info', given: string, machine?: string): readonly WatchEvent[] => {
    const text = reasonOf(given);
    // The preview says most of it once, and the update again
    const key = `${result} ${machine} ${text}`;
    if (text === '' || said.has(key) || isEnding(text)) return [];
    said.add(key);
    return [{ ...stamp(now()), type: 'message', ...(machine !== undefined && { machine }), result, text }];
  };

  const ofNow = ({ message, urn = '' }: Diagnostic): readonly WatchEvent[] => {
    const place = placeOf(nameOf(urn), typeOf(urn));
    if (!place) return [];
    const lines = message.trim().split('\n');
    if (place.step === releaseStep) return lines.flatMap((line) => hostOf(place.machine).line(line));
    return [{ ...stamp(now()), type: 'note', machine: place.machine, text: lines.at(-1) ?? '' }];
  };

  const ofDiagnostic = (diagnostic: Diagnostic): readonly WatchEvent[] => {
    const { severity, urn, ephemeral = false, message } = diagnostic;
    if (severity === 'debug') return [];
    if (ephemeral && urn !== undefined) return ofNow(diagnostic);
    const result = severity === 'error' || severity === 'warning' ? severity : 'info';
    return told(result, message, urn === undefined ? undefined : placeOf(nameOf(urn), typeOf(urn))?.machine);
  };

  return ({ diagnosticEvent, errorEvent, policyEvent }) => {
    if (diagnosticEvent) return ofDiagnostic(diagnosticEvent);
    if (errorEvent) return told('error', errorEvent.error);
    if (!policyEvent) return [];
    const { message, enforcementLevel, resourceUrn } = policyEvent;
    const place = resourceUrn === undefined ? undefined : nameOf(resourceUrn);
    return told(enforcementLevel === 'advisory' ? 'warning' : 'error', message, place);
  };
}

/** `urn:pulumi:stack::project::parent$type::name` → `type` */
const typeOf = (urn: string): string => urn.split('::').at(-2)?.split('$').at(-1) ?? '';
