import * as pulumi from '@pulumi/pulumi';
import type { Site } from './site.ts';

/** What AWS takes for a password */
export interface SecretForm {
  form: RegExp;
  /** The same in words */
  allowed: string;
}

/** Of the user of an OpenSearch domain */
export const userPassword: SecretForm = {
  form: /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^A-Za-z0-9]).{8,128}$/s,
  allowed: '8 to 128 characters, among them a capital letter, a small one, a digit and another sign',
};

/** Of a cache */
export const cacheToken: SecretForm = {
  form: /^[A-Za-z0-9!&#$^<>-]{16,128}$/,
  allowed: '16 to 128 letters, digits and ! & # $ ^ < > -',
};

/**
 * A secret of the system, once AWS would take it
 * @throws when it is absent, which its check has let through
 */
export function acceptedSecret({ system, request }: Site, name: string, form: SecretForm): pulumi.Output<string> {
  const value = request.secrets[name];
  if (!value) throw new Error(`system ${system} on aws has no secret ${name}`);
  return pulumi.secret(value.apply((text) => accepted(text, `${system}/${name}`, form)));
}

/**
 * The same text
 * @throws when AWS would refuse it, without the text
 */
export function accepted(text: string, name: string, { form, allowed }: SecretForm): string {
  if (form.test(text)) return text;
  throw new pulumi.RunError(`berth:secrets["${name}"] is not what AWS takes: ${allowed}`);
}
