import { type EngineEvent, isDefaultProvider, nameOf, operationOf, planOf } from '../preview/plan.ts';
import { releaseStep, type WatchEvent } from './events.ts';
import { hostReader } from './hostReader.ts';
import { messageReader } from './messageReader.ts';
import { type Place, placeOf } from './place.ts';
import { secondsBetween, stamp } from './times.ts';

type Metadata = NonNullable<EngineEvent['resourcePreEvent']>['metadata'];

/**
 * Returns a function that tells what each event of an engine's run means. The engine previews first, and its events of both
 * runs follow one another.
 * @param now milliseconds since 1970
 * @param previews false where the engine was told to change without a preview
 */
export function engineReader(now: () => number, previews = true): (event: EngineEvent) => readonly WatchEvent[] {
  let preludes = previews ? 0 : 1;
  const preview: EngineEvent[] = [];
  const began = new Map<string, number>();
  const left = new Map<string, Set<string>>();
  const since = new Map<string, number>();
  const hosts = new Map<string, ReturnType<typeof hostReader>>();

  const hostOf = (machine: string): ReturnType<typeof hostReader> => {
    const host = hosts.get(machine) ?? hostReader(machine, now);
    hosts.set(machine, host);
    return host;
  };

  const messages = messageReader(now, hostOf);

  const willEnd = (machine: string, name: string) => left.set(machine, (left.get(machine) ?? new Set()).add(name));

  const planned = (): readonly WatchEvent[] => {
    const plan = planOf(preview);
    const shown = plan.steps.flatMap((step) => {
      const place = placeOf(step.name, step.type);
      return place ? [{ ...place, operation: step.operation, name: step.name }] : [];
    });
    for (const { machine, name } of shown) willEnd(machine, name);
    const events = shown.map(
      ({ machine, step, operation }): WatchEvent => ({
        ...stamp(now()),
        type: 'plan',
        machine,
        step,
        result: operation,
      }),
    );
    return [...events, { ...stamp(now()), type: 'planned', changes: shown.length, unchanged: plan.unchanged }];
  };

  const started = (metadata: Metadata): readonly WatchEvent[] => {
    const place = changed(metadata);
    if (!place) return [];
    const time = now();
    began.set(metadata.urn, time);
    if (!previews) willEnd(place.machine, nameOf(metadata.urn));
    if (!since.has(place.machine)) since.set(place.machine, time);
    return [{ ...stamp(time), type: 'start', ...place }];
  };

  const ended = (metadata: Metadata, result: 'done' | 'failed'): readonly WatchEvent[] => {
    const place = changed(metadata);
    if (!place) return [];
    const { machine, step } = place;
    const time = now();
    const inside = step === releaseStep ? (hosts.get(machine)?.ended(result) ?? []) : [];
    const own: WatchEvent = {
      ...stamp(time),
      type: 'end',
      ...place,
      seconds: secondsBetween(began.get(metadata.urn) ?? time, time),
      result,
    };
    const rest = left.get(machine);
    // A replacement ends more than once
    const isNew = rest?.delete(nameOf(metadata.urn)) ?? false;
    const over = result === 'failed' || (isNew && rest?.size === 0);
    const whole: WatchEvent = {
      ...stamp(time),
      type: 'machine',
      machine,
      seconds: secondsBetween(since.get(machine) ?? time, time),
      result,
    };
    return [...inside, own, ...(over ? [whole] : [])];
  };

  const changes = ({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): readonly WatchEvent[] => [
    ...(resourcePreEvent ? started(resourcePreEvent.metadata) : []),
    ...(resOutputsEvent ? ended(resOutputsEvent.metadata, 'done') : []),
    ...(resOpFailedEvent ? ended(resOpFailedEvent.metadata, 'failed') : []),
  ];

  return (event) => {
    if (event.preludeEvent !== undefined) preludes += 1;
    const isPreview = preludes < 2;
    if (isPreview) preview.push(event);
    return [
      ...messages(event),
      ...(event.summaryEvent?.isPreview ? planned() : []),
      ...(isPreview ? [] : changes(event)),
    ];
  };
}

/** Returns where a resource is shown that changes; undefined for others */
function changed(metadata: Metadata): Place | undefined {
  if (operationOf(metadata.op) === undefined || isDefaultProvider(metadata)) return undefined;
  return placeOf(nameOf(metadata.urn), metadata.type);
}
