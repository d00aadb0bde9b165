import { pathText } from '../../config/path.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { secretNameOf } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { GivenServices } from './settings.ts';

/** Returns buckets and log streams that a system uses and the settings of its cloud do not name */
export function notGiven(
  cloud: string,
  blueprint: Blueprint,
  settings: Partial<GivenServices> | undefined,
): readonly Problem[] {
  const absent = (kind: 'buckets' | 'logStreams', what: string, keys: string) =>
    blueprint[kind]
      .filter(({ name }) => settings?.[kind]?.[name] === undefined)
      .map(({ name }) => ({
        path: pathText(['berth:clouds', cloud, kind, name]),
        message: `is missing: system ${blueprint.system} uses ${what} ${name}, and cloud ${cloud} creates none`,
        allowed: `a block with ${keys}`,
        fix: 'give the one that it is to use',
      }));
  return [
    ...absent('buckets', 'bucket', 'endpoint, region and bucket'),
    ...absent('logStreams', 'log stream', 'host, and port, scheme and username'),
  ];
}

/** Returns the secrets for existing buckets and log streams, each with its description */
export function givenSecrets(
  { buckets, logStreams }: Blueprint,
  settings: Partial<GivenServices> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...buckets.flatMap(({ name }) => [
      [secretNameOf(name, 'access-key'), `the access key of the existing bucket ${name}`],
      [secretNameOf(name, 'secret-key'), `the secret key of the existing bucket ${name}`],
    ]),
    ...logStreams.flatMap(({ name }) => {
      const stream = settings?.logStreams?.[name];
      if (!stream) return [];
      return stream.username === undefined
        ? [[secretNameOf(name, 'token'), `the token for writing to log stream ${name}`]]
        : [[secretNameOf(name, 'password'), `the password of ${stream.username} at log stream ${name}`]];
    }),
  ]);
}
