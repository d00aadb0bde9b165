import * as pulumi from '@pulumi/pulumi';
import { mistake } from '../mistake.ts';
import type { Scope } from './scope.ts';

/** Format that AWS requires of a password */
export interface SecretForm {
  form: RegExp;
  /** The same in words, for messages */
  allowed: string;
}

/** Password of an OpenSearch user */
export const userPassword: SecretForm = {
  form: /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^A-Za-z0-9]).{8,128}$/s,
  allowed: '8 to 128 characters, with an upper-case letter, a lower-case letter, a digit and a special character',
};

/** Password of a cache */
export const cacheToken: SecretForm = {
  form: /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
  allowed: '16 to 128 letters, digits and ! & # $ ^ < > -',
};

/**
 * Returns a secret of the system, checked against the format that AWS requires
 * @throws if the secret is absent: checks of the environment file report that earlier
 */
export function acceptedSecret({ system, request }: Scope, name: string, form: SecretForm): pulumi.Output<string> {
  const value = request.secrets[name];
  if (!value) throw new Error(`system ${system} on aws has no secret ${name}`);
  return pulumi.secret(value.apply((text) => accepted(text, `${system}/${name}`, form)));
}

/**
 * Returns the text unchanged if it has the required format
 * @throws if it does not; the message does not contain the text
 */
export function accepted(text: string, name: string, { form, allowed }: SecretForm): string {
  if (form.test(text)) return text;
  throw mistake(`berth:secrets["${name}"] is not accepted by AWS: allowed are ${allowed}`);
}
