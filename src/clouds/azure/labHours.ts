import { getClientConfigOutput } from '@pulumi/azure-native/authorization/getClientConfig.js';
import { VirtualMachineSchedule } from '@pulumi/azure-native/devtestlab/virtualMachineSchedule.js';
import { Provider } from '@pulumi/azure-native/provider.js';
import * as pulumi from '@pulumi/pulumi';
import { machineName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';
import { azureClock } from './clock.ts';
import { labMachines } from './lab.ts';

/** What a lab does by the clock; it knows each schedule of a machine by one name alone */
const actions = {
  start: { name: 'LabVmAutoStart', taskType: 'LabVmsStartupTask' },
  stop: { name: 'LabVmsShutdown', taskType: 'LabVmsShutdownTask' },
} as const;

/**
 * The hours of machines in an Azure DevTest Lab: two schedules a machine, kept by the lab. They are all that berth makes
 * of a machine that exists, and go when it leaves the stack.
 */
export function keepLabHours({ blueprint, environment, parent }: ProvisionRequest): void {
  const { system } = blueprint;
  const provider = new Provider(`${system}-azure`, {}, { parent });
  const options = { parent, provider };
  const { subscriptionId } = getClientConfigOutput(options);
  for (const { machine, lab, schedule } of labMachines(blueprint)) {
    const { weekDays, timeZone } = azureClock(schedule);
    for (const action of ['start', 'stop'] as const) {
      new VirtualMachineSchedule(
        `${machineName(machine)}-${action}`,
        {
          ...actions[action],
          resourceGroupName: lab.resourceGroup,
          labName: lab.lab,
          virtualMachineName: lab.name,
          status: 'Enabled',
          timeZoneId: timeZone,
          weeklyRecurrence: { time: schedule[action].replace(':', ''), weekdays: weekDays },
          targetResourceId: pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${lab.resourceGroup}/providers/Microsoft.DevTestLab/labs/${lab.lab}/virtualMachines/${lab.name}`,
          tags: { ...labels(environment.name, system, machine.role) },
        },
        options,
      );
    }
  }
}
