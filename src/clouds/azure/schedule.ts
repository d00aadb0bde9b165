import { RoleAssignment } from '@pulumi/azure-native/authorization/roleAssignment.js';
import { RoleDefinition } from '@pulumi/azure-native/authorization/roleDefinition.js';
import { Workflow } from '@pulumi/azure-native/logic/workflow.js';
import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity/userAssignedIdentity.js';
import * as pulumi from '@pulumi/pulumi';
import type { Schedule } from '../../model/blueprint.ts';
import { limitedName } from '../../model/names.ts';
import { shortHash } from '../../render/hash.ts';
import type { ScheduledMachines } from '../makers.ts';
import type { AzureMachine } from './machine.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';
import { definition } from './workflow.ts';

/**
 * Creates two Logic Apps workflows for each role: one starts its machines, one deallocates them, so that they cost
 * nothing. Azure's auto-shutdown can only stop machines, and an automation account reads a runbook from a public
 * address only.
 */
export function keepHours(scope: Shared, { role, schedule, machines }: ScheduledMachines<AzureMachine>): void {
  const { identity, admit } = scope.clock();
  for (const machine of machines) admit(machine);
  for (const action of ['start', 'stop'] as const) {
    new Workflow(
      `${scope.request.blueprint.system}-${role}-${action}`,
      {
        workflowName: limitedName([scope.request.blueprint.system, role, action, scope.request.environment.name], {
          length: 43,
        }),
        resourceGroupName: scope.group,
        state: 'Enabled',
        identity: { type: 'UserAssigned', userAssignedIdentities: [identity] },
        definition: definitionOf(action, schedule, machines, identity),
        tags: scope.tags(role),
      },
      scope.options,
    );
  }
}

const definitionOf = (
  action: 'start' | 'stop',
  schedule: Schedule,
  machines: readonly AzureMachine[],
  identity: pulumi.Output<string>,
) =>
  pulumi.all([identity, pulumi.all(machines.map(({ id }) => id))]).apply(([known, ids]) =>
    definition({
      action,
      schedule,
      identity: known,
      machines: Object.fromEntries(machines.map(({ host }, index) => [host.name, ids[index] ?? ''])),
    }),
  );

/** Identity that starts and stops a system's machines */
export interface Clock {
  /** Id of an identity that may start and deallocate the machines it is admitted to, and nothing else */
  identity: pulumi.Output<string>;
  admit(machine: AzureMachine): void;
}

export function makeClock(scope: Scope): Clock {
  const { request, group, options, subscription } = scope;
  const { system } = request.blueprint;
  const identity = new UserAssignedIdentity(
    `${system}-clock`,
    { resourceName: scope.name('clock'), resourceGroupName: group, tags: scope.tags() },
    options,
  );
  const groupId = pulumi.interpolate`/subscriptions/${subscription}/resourceGroups/${group}`;
  const role = new RoleDefinition(
    `${system}-clock-role`,
    {
      roleDefinitionId: subscription.apply((id) => guid(id, scope.name('clock'))),
      roleName: subscription.apply((id) => `${scope.name('clock')}-${shortHash(id, 6)}`),
      description: 'starts and stops machines by the clock',
      scope: groupId,
      assignableScopes: [groupId],
      permissions: [
        { actions: ['start', 'deallocate'].map((action) => `Microsoft.Compute/virtualMachines/${action}/action`) },
      ],
    },
    options,
  );
  return {
    identity: identity.id,
    admit({ host, id }) {
      new RoleAssignment(
        `${host.name}-clock`,
        {
          roleAssignmentName: subscription.apply((known) => guid(known, scope.name('clock'), host.name)),
          roleDefinitionId: role.id,
          principalId: identity.principalId,
          principalType: 'ServicePrincipal',
          scope: id,
        },
        { ...options, deleteBeforeReplace: true },
      );
    },
  };
}

/** Returns a GUID derived from the words: the same words give the same GUID */
const guid = (...words: string[]): string =>
  shortHash(JSON.stringify(words), 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
