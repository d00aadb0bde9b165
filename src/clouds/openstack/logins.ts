import type { Credentials } from '../../model/login.ts';
import { ovhLogin } from '../ovhLogin.ts';

const openrc = "the project's openrc.sh file: control panel, Public Cloud, Users & Roles, Download OpenStack's RC file";
const applicationCredential = '`openstack application credential create berth`, which shows it once';

/** Login of OpenStack's services: machines, networks, security groups, volumes */
export const openstack: Credentials = {
  always: [{ name: 'OS_AUTH_URL', what: 'the address of the identity service', from: openrc }],
  onGithub: 'an application credential',
  ways: [
    {
      name: 'a user of the project',
      variables: [
        { name: 'OS_USERNAME', what: 'the name of the user', from: openrc },
        {
          name: 'OS_PASSWORD',
          what: "the user's password",
          from: 'the same page shows it when the user is made',
          secret: true,
        },
        // Of this login only: an application credential has its project already, and the identity service answers 401
        // if a project is given too (gophercloud/gophercloud#3868)
        { name: 'OS_PROJECT_ID', what: 'the id of the project', from: openrc },
      ],
    },
    {
      name: 'an application credential',
      variables: [
        { name: 'OS_APPLICATION_CREDENTIAL_ID', what: 'the id of the credential', from: applicationCredential },
        {
          name: 'OS_APPLICATION_CREDENTIAL_SECRET',
          what: "the credential's secret",
          from: applicationCredential,
          secret: true,
        },
      ],
    },
  ],
};

/** Login of OVH's services: object storage and its users, log streams, DNS zones */
export const ovh: Credentials = {
  usedBy: ({ buckets, logStreams, records }, { clouds }) =>
    buckets.length > 0 || logStreams.length > 0 || (clouds.openstack?.dnsZone !== undefined && records.length > 0),
  ...ovhLogin,
};
