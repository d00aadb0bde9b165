import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { secretNameOf } from '../../model/names.ts';
import type { Cloud } from '../cloud.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { problems } from './problems.ts';
import { settings } from './settings.ts';

/** Existing machines, adopted over SSH. Berth creates and deletes nothing in this cloud. */
export const existing: Cloud = {
  name: 'existing',
  capabilities: { ...machinesOnly, makesMachines: false, bucketApis: ['s3'] },
  settings,
  problems,
  secrets,
  logins: {},
  policies: [],
  rehearsal: { credentials: {}, resources: {}, functions: {} },
  words: {},
  program: async () => (await import('./program.ts')).existing,
};

/** Returns the secrets for existing buckets and log streams, each with its description */
function secrets({ buckets, logStreams }: Blueprint, { clouds }: Environment): Readonly<Record<string, string>> {
  const streams = clouds.existing?.logStreams ?? {};
  return Object.fromEntries([
    ...buckets.flatMap(({ name }) => [
      [secretNameOf(name, 'access-key'), `the access key of the existing bucket ${name}`],
      [secretNameOf(name, 'secret-key'), `the secret key of the existing bucket ${name}`],
    ]),
    ...logStreams.flatMap(({ name }) => {
      const stream = streams[name];
      if (!stream) return [];
      return stream.username === undefined
        ? [[secretNameOf(name, 'token'), `the token for writing to log stream ${name}`]]
        : [[secretNameOf(name, 'password'), `the password of ${stream.username} at log stream ${name}`]];
    }),
  ]);
}
