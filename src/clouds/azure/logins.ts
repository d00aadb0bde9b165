import type { Credentials } from '../../model/login.ts';
import { labMachines } from './lab.ts';

const principal = "`az ad sp create-for-rbac --name berth --role Contributor --scopes <the resource group's id>`";
const clientId = {
  name: 'ARM_CLIENT_ID',
  what: 'the id of the application',
  from: `appId of ${principal}`,
  shared: true,
};
const tenantId = { name: 'ARM_TENANT_ID', what: 'the id of the directory', from: '`az account show`', shared: true };

export const azure: Credentials = {
  alsoUsedBy: (blueprint) => labMachines(blueprint).length > 0,
  always: [{ name: 'ARM_SUBSCRIPTION_ID', what: 'the id of the subscription', from: '`az account show`, its id' }],
  onGithub: 'OpenID Connect',
  ways: [
    {
      name: 'a service principal',
      variables: [
        {
          name: 'ARM_CLIENT_SECRET',
          what: "the application's secret",
          from: `password of ${principal}`,
          secret: true,
        },
        clientId,
        tenantId,
      ],
    },
    {
      name: 'OpenID Connect',
      variables: [
        { name: 'ARM_USE_OIDC', what: "logs in with a runner's token", from: 'write true', isSwitch: true },
        clientId,
        tenantId,
        {
          name: 'ARM_OIDC_TOKEN',
          or: ['ARM_OIDC_TOKEN_FILE_PATH', 'ACTIONS_ID_TOKEN_REQUEST_URL'],
          what: "the runner's token, or its location",
          from: 'a GitHub workflow sets the last one with `permissions: id-token: write`',
          shared: true,
          setByWorkflow: true,
        },
      ],
    },
    {
      name: 'a managed identity',
      variables: [{ name: 'ARM_USE_MSI', what: "the runner machine's own", from: 'write true', isSwitch: true }],
    },
    {
      name: 'your own login',
      // The provider uses it when no other login is given; berth requires the switch so that nobody uses it unknowingly
      variables: [{ name: 'ARM_USE_CLI', what: 'from `az login`', from: 'write true', isSwitch: true }],
    },
  ],
};
