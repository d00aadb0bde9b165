import type { LogGroupArgs } from '@pulumi/aws/cloudwatch/logGroup.js';
import type { AccessKeyArgs } from '@pulumi/aws/iam/accessKey.js';
import type { RoleArgs } from '@pulumi/aws/iam/role.js';
import type { RolePolicyArgs } from '@pulumi/aws/iam/rolePolicy.js';
import type { UserArgs } from '@pulumi/aws/iam/user.js';
import type { UserPolicyArgs } from '@pulumi/aws/iam/userPolicy.js';
import type { KeyArgs } from '@pulumi/aws/kms/key.js';
import type { Account } from './account.ts';
import { kind, only, tagList, tagsOf } from './kind.ts';

type TagsThere = { Key: string; Value: string }[];

/** A policy as a service tells it: text, or what botocore has made of it */
const text = (policy: unknown): string => (typeof policy === 'string' ? policy : JSON.stringify(policy));

/** Checks a policy before it is sent: moto takes actions that no service has */
export async function sound(aws: Account, policy: string): Promise<string> {
  const found = await aws.lint(policy);
  if (found.length > 0) throw new Error(found.join('; '));
  return policy;
}

/** The name that the provider gives a policy inside a user or role, which its declaration does not name */
const inline = 'terraform-20261129';

export const identity = {
  'aws:iam/role:Role': kind<RoleArgs>({
    async make(aws, { name, assumeRolePolicy }, tags) {
      const AssumeRolePolicyDocument = await sound(aws, text(assumeRolePolicy));
      const { Role } = await aws.call<{ Role: { Arn: string } }>('iam', 'CreateRole', {
        ...{ RoleName: name, AssumeRolePolicyDocument, Tags: tagList(tags) },
      });
      return { id: name, arn: Role.Arn };
    },
    async read(aws, id) {
      const { Role } = await aws.call<{
        Role: { RoleName: string; AssumeRolePolicyDocument: object; Tags: TagsThere };
      }>('iam', 'GetRole', { RoleName: id });
      return {
        ...{ name: Role.RoleName, assumeRolePolicy: text(Role.AssumeRolePolicyDocument), tags: tagsOf(Role.Tags) },
      };
    },
  }),
  'aws:iam/rolePolicy:RolePolicy': kind<RolePolicyArgs>({
    async make(aws, { role, policy }) {
      const PolicyDocument = await sound(aws, text(policy));
      await aws.call('iam', 'PutRolePolicy', { RoleName: role, PolicyName: inline, PolicyDocument });
      return { id: `${role}:${inline}` };
    },
    async read(aws, _, { role }) {
      const args = { RoleName: role, PolicyName: inline };
      const found = await aws.call<{ RoleName: string; PolicyDocument: unknown }>('iam', 'GetRolePolicy', args);
      return { role: found.RoleName, policy: text(found.PolicyDocument) };
    },
  }),
  'aws:iam/user:User': kind<UserArgs>({
    async make(aws, { name }, tags) {
      await aws.call('iam', 'CreateUser', { UserName: name, Tags: tagList(tags) });
      return { id: name };
    },
    async read(aws, id) {
      const { User } = await aws.call<{ User: { UserName: string; Tags: TagsThere } }>('iam', 'GetUser', {
        UserName: id,
      });
      return { name: User.UserName, tags: tagsOf(User.Tags) };
    },
  }),
  'aws:iam/userPolicy:UserPolicy': kind<UserPolicyArgs>({
    async make(aws, { user, policy }) {
      const PolicyDocument = await sound(aws, text(policy));
      await aws.call('iam', 'PutUserPolicy', { UserName: user, PolicyName: inline, PolicyDocument });
      return { id: `${user}:${inline}` };
    },
    async read(aws, _, { user }) {
      const args = { UserName: user, PolicyName: inline };
      const found = await aws.call<{ UserName: string; PolicyDocument: unknown }>('iam', 'GetUserPolicy', args);
      return { user: found.UserName, policy: text(found.PolicyDocument) };
    },
  }),
  'aws:iam/accessKey:AccessKey': kind<AccessKeyArgs>({
    async make(aws, { user }) {
      const { AccessKey } = await aws.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
        'iam',
        'CreateAccessKey',
        { UserName: user },
      );
      return { id: AccessKey.AccessKeyId, secret: AccessKey.SecretAccessKey };
    },
    async read(aws, id, { user }) {
      const { AccessKeyMetadata } = await aws.call<{ AccessKeyMetadata: { UserName: string; AccessKeyId: string }[] }>(
        'iam',
        'ListAccessKeys',
        { UserName: user },
      );
      const own = AccessKeyMetadata.filter(({ AccessKeyId }) => AccessKeyId === id);
      return { user: only(own, id).UserName };
    },
  }),
  'aws:kms/key:Key': kind<KeyArgs>({
    own: ['deletionWindowInDays'],
    async make(aws, { description, enableKeyRotation }, tags) {
      const { KeyMetadata } = await aws.call<{ KeyMetadata: { KeyId: string; Arn: string } }>('kms', 'CreateKey', {
        Description: description,
        Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      });
      const { KeyId, Arn } = KeyMetadata;
      if (enableKeyRotation) await aws.call('kms', 'EnableKeyRotation', { KeyId });
      return { id: KeyId, arn: Arn };
    },
    async read(aws, id) {
      const { KeyMetadata } = await aws.call<{ KeyMetadata: { Description: string } }>('kms', 'DescribeKey', {
        KeyId: id,
      });
      const rotation = await aws.call<{ KeyRotationEnabled: boolean }>('kms', 'GetKeyRotationStatus', { KeyId: id });
      const { Tags } = await aws.call<{ Tags: { TagKey: string; TagValue: string }[] }>('kms', 'ListResourceTags', {
        KeyId: id,
      });
      return {
        ...{ description: KeyMetadata.Description, enableKeyRotation: rotation.KeyRotationEnabled },
        tags: Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
      };
    },
  }),
  'aws:cloudwatch/logGroup:LogGroup': kind<LogGroupArgs>({
    async make(aws, { name, retentionInDays }, tags) {
      await aws.call('logs', 'CreateLogGroup', { logGroupName: name, tags });
      await aws.call('logs', 'PutRetentionPolicy', { logGroupName: name, retentionInDays });
      return { id: name, arn: (await logGroup(aws, name)).arn.replace(/:\*$/, '') };
    },
    async read(aws, id) {
      const { logGroupName, retentionInDays, arn } = await logGroup(aws, id);
      const args = { resourceArn: arn.replace(/:\*$/, '') };
      const { tags } = await aws.call<{ tags: Record<string, string> }>('logs', 'ListTagsForResource', args);
      return { name: logGroupName, retentionInDays, tags };
    },
  }),
};

async function logGroup(aws: Account, name: string) {
  const { logGroups } = await aws.call<{ logGroups: { logGroupName: string; arn: string; retentionInDays: number }[] }>(
    'logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: name },
  );
  return only(
    logGroups.filter(({ logGroupName }) => logGroupName === name),
    name,
  );
}
