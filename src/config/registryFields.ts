import { z } from 'zod';
import { secretByName } from './applicationFields.ts';
import { guided, textField } from './guide.ts';

const registryName = textField({
  noun: 'the name of a registry',
  description: 'A container registry, as written before the first slash of an image; docker.io for Docker Hub.',
  examples: ['ghcr.io'],
  allowed: 'the name of a registry, with its port where it has one, such as ghcr.io or registry.example.org:5000',
  pattern: /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]*[a-z0-9]|localhost)(?::\d{1,5})?$/,
  flaw: (value) =>
    /^[a-z]+:\/\/|\//.test(value)
      ? { message: 'is a URL or an image, and only the name is needed', fix: `write ${hostOf(value)}` }
      : undefined,
});

const hostOf = (value: string): string => value.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');

const userName = textField({
  noun: 'the name of a user',
  description: 'The user that logs in to the registry; read access is enough.',
  examples: ['deploy-bot'],
  allowed: 'the name of a user, without spaces',
  pattern: /^[^\s:]+$/,
});

/**
 * Logins at private registries
 * @param owner owner of the secrets in `berth:secrets`
 */
export const registries = (owner: string) =>
  guided(
    z
      .record(
        registryName,
        guided(z.strictObject({ user: userName, password: secretByName }), {
          allowed:
            'a user and the name of a password, such as { user: deploy-bot, password: { secret: registryPassword } }',
        }),
      )
      .describe(
        'Logins for private images, by registry. A login is only used to pull images and is not stored on machines. The ' +
          `password, or a token with read access, is in berth:secrets as ${owner}/<name>.`,
      ),
    {
      allowed: 'logins by registry, such as { ghcr.io: { user: deploy-bot, password: { secret: registryPassword } } }',
    },
  );
