import { labMachines } from '../model/adopted.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { CloudName, Environment } from '../model/environment.ts';

/** A variable of the environment that a provider reads */
export interface Variable {
  name: string;
  /** Others that do as well */
  or?: readonly string[];
  what: string;
  /** Where to get it */
  from: string;
  /** Counts when it is `true` */
  isSwitch?: boolean;
  /** Of several ways to log in, or set by the runner itself: alone it does not tell which is meant */
  shared?: boolean;
}

/** One way to log in: all of its variables, and none of another way */
export interface Login {
  name: string;
  variables: readonly [Variable, ...Variable[]];
}

/** What a provider needs to log in */
export interface Credentials {
  cloud: CloudName;
  always: readonly Variable[];
  /** Exactly one of these; the usual one first */
  ways: readonly [Login, ...Login[]];
  /** Whether this system needs the provider. @default all on the cloud do */
  usedBy?(blueprint: Blueprint, environment: Environment): boolean;
  /** Whether a system on another cloud needs it too. @default none does */
  alsoUsedBy?(blueprint: Blueprint): boolean;
}

const openrc = "the project's openrc.sh: control panel, Public Cloud, Users & Roles, Download OpenStack's RC file";
const applicationCredential = '`openstack application credential create berth`, which shows it once';

/** openstack's own services: machines, networks, security groups, volumes */
const openstack: Credentials = {
  cloud: 'openstack',
  always: [{ name: 'OS_AUTH_URL', what: 'the address of the identity service', from: openrc }],
  ways: [
    {
      name: 'a user of the project',
      variables: [
        { name: 'OS_USERNAME', what: 'the name of the user', from: openrc },
        { name: 'OS_PASSWORD', what: "the user's password", from: 'the same page shows it when the user is made' },
        // With an application credential, which has its project already, the identity service answers 401
        // (gophercloud/gophercloud#3868)
        { name: 'OS_PROJECT_ID', what: 'the id of the project', from: openrc },
      ],
    },
    {
      name: 'an application credential',
      variables: [
        { name: 'OS_APPLICATION_CREDENTIAL_ID', what: 'the id of the credential', from: applicationCredential },
        { name: 'OS_APPLICATION_CREDENTIAL_SECRET', what: "the credential's secret", from: applicationCredential },
      ],
    },
  ],
};

const serviceAccount = 'control panel, Identity and access, Service accounts';
const createToken = 'https://auth.eu.ovhcloud.com/api/createToken, which shows all three';

/** OVH's own services: object storage and its users, log streams, DNS zones */
const ovh: Credentials = {
  cloud: 'openstack',
  usedBy: ({ buckets, logStreams, records }, { clouds }) =>
    buckets.length > 0 || logStreams.length > 0 || (clouds.openstack?.dnsZone !== undefined && records.length > 0),
  always: [],
  ways: [
    {
      name: 'a service account',
      variables: [
        { name: 'OVH_CLIENT_ID', what: "the service account's id", from: serviceAccount },
        { name: 'OVH_CLIENT_SECRET', what: "the service account's secret", from: serviceAccount },
      ],
    },
    {
      name: 'application keys',
      variables: [
        { name: 'OVH_APPLICATION_KEY', what: 'the application key', from: createToken },
        { name: 'OVH_APPLICATION_SECRET', what: 'the application secret', from: createToken },
        { name: 'OVH_CONSUMER_KEY', what: 'the consumer key', from: createToken },
      ],
    },
    {
      name: 'an access token',
      variables: [
        { name: 'OVH_ACCESS_TOKEN', what: 'a token of an hour', from: 'the OAuth2 endpoint, with a service account' },
      ],
    },
  ],
};

const principal = "`az ad sp create-for-rbac --name berth --role Contributor --scopes <the resource group's id>`";
const clientId = {
  name: 'ARM_CLIENT_ID',
  what: 'the id of the application',
  from: `appId of ${principal}`,
  shared: true,
};
const tenantId = { name: 'ARM_TENANT_ID', what: 'the id of the directory', from: '`az account show`', shared: true };

const azure: Credentials = {
  cloud: 'azure',
  alsoUsedBy: (blueprint) => labMachines(blueprint).length > 0,
  always: [{ name: 'ARM_SUBSCRIPTION_ID', what: 'the id of the subscription', from: '`az account show`, its id' }],
  ways: [
    {
      name: 'a service principal',
      variables: [
        { name: 'ARM_CLIENT_SECRET', what: "the application's secret", from: `password of ${principal}` },
        clientId,
        tenantId,
      ],
    },
    {
      name: 'OpenID Connect',
      variables: [
        { name: 'ARM_USE_OIDC', what: 'logs in with the token of a runner', from: 'write true', isSwitch: true },
        clientId,
        tenantId,
        {
          name: 'ARM_OIDC_TOKEN',
          or: ['ARM_OIDC_TOKEN_FILE_PATH', 'ACTIONS_ID_TOKEN_REQUEST_URL'],
          what: "the runner's token, or where it is",
          from: 'a GitHub workflow sets the last by `permissions: id-token: write`',
          shared: true,
        },
      ],
    },
    {
      name: 'a managed identity',
      variables: [{ name: 'ARM_USE_MSI', what: "the runner machine's own", from: 'write true', isSwitch: true }],
    },
    {
      name: 'your own login',
      // The provider takes it where no other way is given; that it is meant must be said
      variables: [{ name: 'ARM_USE_CLI', what: 'as `az login` left it', from: 'write true', isSwitch: true }],
    },
  ],
};

const accessKey = 'console, IAM, the user, Security credentials, Create access key';
const role = "an IAM role that trusts the runner's OpenID Connect provider";

const aws: Credentials = {
  cloud: 'aws',
  always: [],
  ways: [
    {
      name: 'access keys',
      variables: [
        { name: 'AWS_ACCESS_KEY_ID', what: 'the id of the access key', from: accessKey },
        { name: 'AWS_SECRET_ACCESS_KEY', what: 'the secret of the access key', from: accessKey },
      ],
    },
    {
      name: 'a profile',
      variables: [{ name: 'AWS_PROFILE', what: 'a name in ~/.aws/config', from: '`aws configure sso`' }],
    },
    {
      name: 'web identity',
      variables: [
        { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', what: "the file with the runner's token", from: role },
        { name: 'AWS_ROLE_ARN', what: 'the role to take', from: role, shared: true },
      ],
    },
  ],
};

/** By provider; `existing` and `local` log in to machines alone */
export const logins: Readonly<Record<string, Credentials>> = { openstack, ovh, azure, aws };
