import type { Blueprint } from '../model/blueprint.ts';
import type { CloudName, CloudSettings } from '../model/environment.ts';
import { secretNameOf } from '../model/names.ts';

type Meanings = readonly (readonly [name: string, what: string])[];

/** The secrets that a system needs on a cloud beyond its own, by name, each with what it is */
export const cloudSecrets = (
  blueprint: Blueprint,
  cloud: CloudName,
  settings: CloudSettings,
): Readonly<Record<string, string>> => Object.fromEntries(byCloud[cloud]?.(blueprint, settings) ?? []);

const byCloud: Readonly<Partial<Record<CloudName, (blueprint: Blueprint, settings: CloudSettings) => Meanings>>> = {
  aws: ({ logStreams }) =>
    logStreams.map(({ name }) => [
      secretNameOf(name, 'password'),
      `the password of log stream ${name}, yours to choose: 8 characters or more, among them a capital letter, a small one, ` +
        'a digit and another sign',
    ]),
  existing: ({ buckets, logStreams }, { existing }) => [
    ...buckets.flatMap(({ name }) => [
      [secretNameOf(name, 'access-key'), `the access key of bucket ${name}, which exists already`] as const,
      [secretNameOf(name, 'secret-key'), `the secret key of bucket ${name}, which exists already`] as const,
    ]),
    ...logStreams.flatMap(({ name }): Meanings => {
      const stream = existing?.logStreams[name];
      if (!stream) return [];
      return stream.username === undefined
        ? [[secretNameOf(name, 'token'), `the token that lines of log stream ${name} bear`]]
        : [[secretNameOf(name, 'password'), `the password of ${stream.username} at log stream ${name}`]];
    }),
  ],
};
