import type { Schedule } from '../../model/blueprint.ts';
import { azureClock } from './clock.ts';

/** What one workflow does, and when */
export interface Clockwork {
  action: 'start' | 'stop';
  schedule: Schedule;
  /** The id of the identity that asks Azure to do it */
  identity: string;
  /** The ids of the machines, by name */
  machines: Readonly<Record<string, string>>;
}

/**
 * A workflow of Logic Apps, in its own language: at the schedule's time it asks for each machine, at once
 * @throws when Azure has no name for the time zone, which an environment file is checked for
 */
export function definition({ action, schedule, identity, machines }: Clockwork) {
  const { weekDays, timeZone } = azureClock(schedule);
  const [hour, minute] = schedule[action].split(':').map(Number);
  return {
    $schema:
      'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#',
    contentVersion: '1.0.0.0',
    triggers: {
      clock: {
        type: 'Recurrence',
        recurrence: {
          frequency: 'Week',
          interval: 1,
          // Without a start, which is of the zone's time where it names none, it would run once when it is made
          startTime: '2024-01-01T00:00:00',
          timeZone,
          schedule: { weekDays, hours: [hour], minutes: [minute] },
        },
      },
    },
    actions: Object.fromEntries(
      Object.entries(machines).map(([name, id]) => [name, request(verbs[action], id, identity)]),
    ),
  };
}

const request = (verb: string, machine: string, identity: string) => ({
  type: 'Http',
  runAfter: {},
  inputs: {
    method: 'POST',
    uri: `https://management.azure.com${machine}/${verb}?api-version=2024-07-01`,
    authentication: { type: 'ManagedServiceIdentity', identity, audience: 'https://management.azure.com/' },
  },
  // To ask how it goes on would take a right over the whole subscription
  operationOptions: 'DisableAsyncPattern',
});

/** A machine that is stopped and not deallocated goes on costing */
const verbs = { start: 'start', stop: 'deallocate' };
