import { z } from 'zod';
import { secretByName } from './applicationFields.ts';
import { guided, textField } from './guide.ts';

const registryName = textField({
  noun: 'the name of a registry',
  description: 'A container registry, as it stands before the first slash of an image; docker.io for Docker Hub.',
  examples: ['ghcr.io'],
  allowed: 'the name of a registry, with its port where it has one, such as ghcr.io or registry.example.org:5000',
  pattern: /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]*[a-z0-9]|localhost)(?::\d{1,5})?$/,
  flaw: (value) =>
    /^[a-z]+:\/\/|\//.test(value)
      ? { message: 'is an address or an image, and the name alone is needed', fix: `write ${hostOf(value)}` }
      : undefined,
});

const hostOf = (value: string): string => value.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');

const userName = textField({
  noun: 'the name of a user',
  description: 'Who logs in at the registry: one who may read and no more.',
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
        'Who reads private images, by registry. The login is used while images are pulled and stays on no machine. The ' +
          `password, or a token that may read, stands in berth:secrets as ${owner}/<name>.`,
      ),
    {
      allowed: 'logins by registry, such as { ghcr.io: { user: deploy-bot, password: { secret: registryPassword } } }',
    },
  );
