import type { Credentials } from '../model/login.ts';

const serviceAccount = 'control panel, Identity and access, Service accounts';
const createToken = 'https://auth.eu.ovhcloud.com/api/createToken, which shows all three';

/** Login of OVH's own API, whose services more than one cloud has */
export const ovhLogin: Omit<Credentials, 'usedBy'> = {
  always: [],
  onGithub: 'a service account',
  ways: [
    {
      name: 'a service account',
      variables: [
        { name: 'OVH_CLIENT_ID', what: "the service account's id", from: serviceAccount },
        { name: 'OVH_CLIENT_SECRET', what: "the service account's secret", from: serviceAccount, secret: true },
      ],
    },
    {
      name: 'application keys',
      variables: [
        { name: 'OVH_APPLICATION_KEY', what: 'the application key', from: createToken },
        { name: 'OVH_APPLICATION_SECRET', what: 'the application secret', from: createToken, secret: true },
        { name: 'OVH_CONSUMER_KEY', what: 'the consumer key', from: createToken, secret: true },
      ],
    },
    {
      name: 'an access token',
      variables: [
        {
          name: 'OVH_ACCESS_TOKEN',
          what: 'a token that is valid for an hour',
          from: 'the OAuth2 endpoint, with a service account',
          secret: true,
        },
      ],
    },
  ],
};
