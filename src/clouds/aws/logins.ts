import type { Credentials } from '../../model/login.ts';

const accessKey = 'console, IAM, the user, Security credentials, Create access key';
const role = "an IAM role that trusts the runner's OpenID Connect provider";

export const aws: Credentials = {
  always: [],
  onGithub: 'web identity',
  ways: [
    {
      name: 'access keys',
      variables: [
        { name: 'AWS_ACCESS_KEY_ID', what: 'the id of the access key', from: accessKey },
        { name: 'AWS_SECRET_ACCESS_KEY', what: 'the secret of the access key', from: accessKey, secret: true },
      ],
    },
    {
      name: 'a profile',
      variables: [{ name: 'AWS_PROFILE', what: 'a name in ~/.aws/config', from: '`aws configure sso`' }],
    },
    {
      name: 'web identity',
      variables: [
        {
          name: 'AWS_WEB_IDENTITY_TOKEN_FILE',
          what: "the file with the runner's token",
          from: role,
          setByWorkflow: true,
        },
        { name: 'AWS_ROLE_ARN', what: 'the role to take', from: role, shared: true },
      ],
    },
  ],
};
