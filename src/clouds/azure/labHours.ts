import { getClientConfigOutput } from '@pulumi/azure-native/authorization/getClientConfig.js';
import { VirtualMachineSchedule } from '@pulumi/azure-native/devtestlab/virtualMachineSchedule.js';
import { Provider } from '@pulumi/azure-native/provider.js';
import * as pulumi from '@pulumi/pulumi';
import { machineName } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { labels } from '../labels.ts';
import { azureClock } from './clock.ts';
import { labMachines } from './lab.ts';

/**
 * Names and types of a lab machine's schedules: the lab accepts one schedule of each kind, under exactly these names
 */
const actions = {
  start: { name: 'LabVmAutoStart', taskType: 'LabVmsStartupTask' },
  stop: { name: 'LabVmsShutdown', taskType: 'LabVmsShutdownTask' },
} as const;

/**
 * Creates the two schedules of each machine in an Azure DevTest Lab. They are the only resources that berth creates for
 * an existing machine, and are deleted when the machine leaves the stack.
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
