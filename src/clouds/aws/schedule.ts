import { Role } from '@pulumi/aws/iam/role.js';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy.js';
import { Schedule as ClockSchedule } from '@pulumi/aws/scheduler/schedule.js';
import * as pulumi from '@pulumi/pulumi';
import type { ScheduledMachines } from '../makers.ts';
import type { AwsMachine } from './machine.ts';
import { cron } from './plan.ts';
import { assumedBy, policy } from './policy.ts';
import type { Scope } from './scope.ts';

/**
 * Starts and stops the machines of a role on a schedule in its time zone. The scheduler's role may start and stop these
 * machines and nothing else.
 */
export function keepHours(scope: Scope, { role, schedule, machines }: ScheduledMachines<AwsMachine>): void {
  const instances = machines.map(({ instance }) => instance);
  const logical = `${scope.system}-${role}-hours`;
  const keeper = new Role(
    logical,
    {
      name: scope.named(64, role, 'hours'),
      assumeRolePolicy: assumedBy('scheduler.amazonaws.com', scope),
      tags: scope.tags(logical, role),
    },
    scope.options,
  );
  const rights = new RolePolicy(
    logical,
    {
      role: keeper.id,
      policy: policy({
        Effect: 'Allow',
        Action: ['ec2:StartInstances', 'ec2:StopInstances'],
        Resource: instances.map(({ arn }) => arn),
      }),
    },
    scope.options,
  );
  for (const action of ['start', 'stop'] as const) {
    new ClockSchedule(
      `${scope.system}-${role}-${action}`,
      {
        name: scope.named(64, role, action),
        description: `${action}s the machines of role ${role} of ${scope.system}`,
        scheduleExpression: cron(schedule, action),
        scheduleExpressionTimezone: schedule.zone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: `arn:aws:scheduler:::aws-sdk:ec2:${action}Instances`,
          roleArn: keeper.arn,
          input: pulumi.jsonStringify({ InstanceIds: instances.map(({ id }) => id) }),
        },
      },
      { ...scope.options, dependsOn: [rights] },
    );
  }
}
