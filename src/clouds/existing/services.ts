import * as pulumi from '@pulumi/pulumi';
import type { Blueprint } from '../../model/blueprint.ts';
import { secretNameOf } from '../../model/names.ts';
import type { Provisioned, ProvisionRequest } from '../cloud.ts';
import type { ExistingSettings } from './settings.ts';

export type GivenFacts = Provisioned['facts'];

/** Buckets and log streams as the environment file names them, with their keys from the system's secrets */
export function givenServices(
  { system, buckets, logStreams }: Blueprint,
  settings: ExistingSettings | undefined,
  secrets: ProvisionRequest['secrets'],
): Pick<Provisioned, 'facts' | 'secretFacts'> {
  const secret = (part: string, what: string) => given(secrets[secretNameOf(part, what)], `secret of ${part}`, system);
  const ofBuckets = buckets.map(({ name }) => {
    const plain = given(settings?.buckets[name], `bucket ${name}`, system);
    return under(`buckets.${name}`, plain, {
      accessKey: secret(name, 'access-key'),
      secretKey: secret(name, 'secret-key'),
    });
  });
  const ofStreams = logStreams.map(({ name }) => {
    const { scheme, host, port, username } = given(settings?.logStreams[name], `log stream ${name}`, system);
    const plain = { scheme, host, port: `${port}`, opensearch: 'true', kafka: 'false' };
    const prefix = `logStreams.${name}`;
    return username === undefined
      ? under(prefix, { ...plain, username: '', password: '' }, { token: secret(name, 'token') })
      : under(prefix, { ...plain, username, token: '' }, { password: secret(name, 'password') });
  });
  const all = [...ofBuckets, ...ofStreams];
  return {
    facts: Object.assign({}, ...all.map(({ facts }) => facts)),
    secretFacts: all.flatMap(({ secretFacts }) => secretFacts),
  };
}

function under(
  prefix: string,
  plain: Readonly<Record<string, string>>,
  secret: GivenFacts,
): Pick<Provisioned, 'facts' | 'secretFacts'> {
  const named = <T>(values: Readonly<Record<string, T>>) =>
    Object.entries(values).map(([name, value]): [string, T] => [`${prefix}.${name}`, value]);
  const open = named(plain).map(([name, value]) => [name, pulumi.output(value)]);
  return {
    facts: Object.fromEntries([...open, ...named(secret)]),
    secretFacts: named(secret).map(([name]) => name),
  };
}

function given<T>(value: T | undefined, what: string, system: string): T {
  if (value === undefined) throw new Error(`system ${system} has no ${what}, which the config checks`);
  return value;
}
