import type { Schedule } from '../../model/blueprint.ts';
import { azureClock } from './clock.ts';

/** Input of one workflow */
export interface Clockwork {
  action: 'start' | 'stop';
  schedule: Schedule;
  /** Id of the identity that calls Azure */
  identity: string;
  /** Resource ids of the machines, by name */
  machines: Readonly<Record<string, string>>;
}

/**
 * Returns a Logic Apps workflow definition that starts or deallocates all machines in parallel at the schedule's time
 * @throws if Azure has no name for the time zone: checks of the environment file report that earlier
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
          // Without a start time (local to the zone), the workflow would also run once at creation
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
  // Polling the operation's status would require a right on the whole subscription
  operationOptions: 'DisableAsyncPattern',
});

/** A machine that is stopped but not deallocated still costs money */
const verbs = { start: 'start', stop: 'deallocate' };
