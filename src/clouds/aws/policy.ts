import * as pulumi from '@pulumi/pulumi';
import type { Scope } from './scope.ts';

/** Statement of an IAM policy */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | readonly string[];
  Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  Principal?: '*' | Readonly<Record<string, pulumi.Input<string>>>;
  Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** Returns a policy document with these statements as JSON */
export const policy = (...statements: readonly Statement[]): pulumi.Output<string> =>
  pulumi.jsonStringify({ Version: '2012-10-17', Statement: statements });

/** Returns a policy that lets an AWS service assume a role, for this account only */
export const assumedBy = (service: string, { account }: Scope): pulumi.Output<string> =>
  policy({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: service },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });
