import { RoleAssignment } from '@pulumi/azure-native/authorization/roleAssignment.js';
import { RoleDefinition } from '@pulumi/azure-native/authorization/roleDefinition.js';
import { Workflow } from '@pulumi/azure-native/logic/workflow.js';
import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity/userAssignedIdentity.js';
import * as pulumi from '@pulumi/pulumi';
import type { Schedule } from '../../model/blueprint.ts';
import { shortHash } from '../../render/hash.ts';
import type { AzureMachine } from './machine.ts';
import type { Site } from './site.ts';
import { definition } from './workflow.ts';

/**
 * Two workflows a role, one that starts its machines and one that stops them, deallocated, so that they cost nothing.
 * Azure's auto-shutdown only stops, and an automation account takes a runbook from a public address alone.
 */
export function makeSchedules(site: Site, machines: readonly AzureMachine[]): void {
  const scheduled = Object.entries(site.request.blueprint.roles).flatMap(([role, { schedule }]) =>
    schedule ? [{ role, schedule, machines: machines.filter(({ host }) => host.role === role) }] : [],
  );
  if (scheduled.length === 0) return;
  const identity = operator(
    site,
    scheduled.flatMap((one) => one.machines),
  );
  for (const { role, schedule, machines: ofRole } of scheduled) {
    for (const action of ['start', 'stop'] as const) {
      new Workflow(
        `${site.request.blueprint.system}-${role}-${action}`,
        {
          workflowName: site.name(role, action),
          resourceGroupName: site.group,
          state: 'Enabled',
          identity: { type: 'UserAssigned', userAssignedIdentities: [identity] },
          definition: definitionOf(action, schedule, ofRole, identity),
          tags: site.tags(role),
        },
        site.options,
      );
    }
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

/** An identity that may start and stop these machines and nothing else; gives its id */
function operator(site: Site, machines: readonly AzureMachine[]): pulumi.Output<string> {
  const { request, group, options, subscription } = site;
  const { system } = request.blueprint;
  const identity = new UserAssignedIdentity(
    `${system}-clock`,
    { resourceName: site.name('clock'), resourceGroupName: group, tags: site.tags() },
    options,
  );
  const scope = pulumi.interpolate`/subscriptions/${subscription}/resourceGroups/${group}`;
  const role = new RoleDefinition(
    `${system}-clock-role`,
    {
      roleDefinitionId: subscription.apply((id) => guid(id, site.name('clock'))),
      roleName: subscription.apply((id) => `${site.name('clock')}-${shortHash(id, 6)}`),
      description: 'starts and stops machines by the clock',
      scope,
      assignableScopes: [scope],
      permissions: [
        { actions: ['start', 'deallocate'].map((action) => `Microsoft.Compute/virtualMachines/${action}/action`) },
      ],
    },
    options,
  );
  for (const { host, id } of machines) {
    new RoleAssignment(
      `${host.name}-clock`,
      {
        roleAssignmentName: subscription.apply((known) => guid(known, site.name('clock'), host.name)),
        roleDefinitionId: role.id,
        principalId: identity.principalId,
        principalType: 'ServicePrincipal',
        scope: id,
      },
      { ...options, deleteBeforeReplace: true },
    );
  }
  return identity.id;
}

/** Always the same for the same words, in the form that Azure wants */
const guid = (...words: string[]): string =>
  shortHash(JSON.stringify(words), 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
