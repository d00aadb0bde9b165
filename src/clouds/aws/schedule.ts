import { Role } from '@pulumi/aws/iam/role.js';
import { RolePolicy } from '@pulumi/aws/iam/rolePolicy.js';
import { Schedule as ClockSchedule } from '@pulumi/aws/scheduler/schedule.js';
import * as pulumi from '@pulumi/pulumi';
import type { Hours } from '../makers.ts';
import type { AwsMachine } from './machine.ts';
import { cron } from './plan.ts';
import { assumedBy, policy } from './policy.ts';
import type { Site } from './site.ts';

/**
 * Starts and stops the machines of a role on a schedule in its time zone. The scheduler's role may start and stop these
 * machines and nothing else.
 */
export function keepHours(site: Site, { role, schedule, machines }: Hours<AwsMachine>): void {
  const instances = machines.map(({ instance }) => instance);
  const logical = `${site.system}-${role}-hours`;
  const keeper = new Role(
    logical,
    {
      name: site.named(64, role, 'hours'),
      assumeRolePolicy: assumedBy('scheduler.amazonaws.com', site),
      tags: site.tags(logical, role),
    },
    site.options,
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
    site.options,
  );
  for (const action of ['start', 'stop'] as const) {
    new ClockSchedule(
      `${site.system}-${role}-${action}`,
      {
        name: site.named(64, role, action),
        description: `${action}s the machines of role ${role} of ${site.system}`,
        scheduleExpression: cron(schedule, action),
        scheduleExpressionTimezone: schedule.zone,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: `arn:aws:scheduler:::aws-sdk:ec2:${action}Instances`,
          roleArn: keeper.arn,
          input: pulumi.jsonStringify({ InstanceIds: instances.map(({ id }) => id) }),
        },
      },
      { ...site.options, dependsOn: [rights] },
    );
  }
}
