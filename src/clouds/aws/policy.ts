import * as pulumi from '@pulumi/pulumi';
import type { Site } from './site.ts';

/** A statement of a policy, as AWS reads it */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | readonly string[];
  Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  Principal?: '*' | Readonly<Record<string, pulumi.Input<string>>>;
  Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** A policy's document */
export const policy = (...statements: readonly Statement[]): pulumi.Output<string> =>
  pulumi.jsonStringify({ Version: '2012-10-17', Statement: statements });

/** Lets a service of AWS take a role, for this account alone */
export const assumedBy = (service: string, { account }: Site): pulumi.Output<string> =>
  policy({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: service },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });
