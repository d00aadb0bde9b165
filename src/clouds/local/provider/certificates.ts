import { z } from 'zod';
import { markSecret, type ResourceHandler, UNKNOWN } from '../../../pulumi/plugin.ts';
import { checkInputs, ipv4, parsed } from './inputs.ts';

/** Stands in the subject, whose fields openssl separates by slashes */
const comment = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, ".", "_" and "-", at most 64');

const authoritySchema = z.strictObject({ comment });

/** Certificate authority, generated once and valid for longer than machines of this computer live */
export const authority: ResourceHandler = {
  check: (news) => checkInputs(authoritySchema, news),
  async create(inputs, { preview }) {
    if (preview) return { id: '', state: { ...inputs, ...unknown } };
    const { comment } = parsed(authoritySchema, inputs);
    const { newAuthority } = await import('./openssl.ts');
    return { id: comment, state: { ...inputs, ...sealed(await newAuthority(comment)) } };
  },
};

const certificateSchema = z.strictObject({
  comment,
  names: z.array(z.string().regex(/^[a-z0-9.-]+$/, 'a DNS name')),
  addresses: z.array(ipv4),
  authority: z.string(),
  authorityKey: z.string(),
});

/** Certificate of a server for names and addresses, signed by an authority; another input means another certificate */
export const certificate: ResourceHandler = {
  check: (news) => checkInputs(certificateSchema, news),
  async create(inputs, { preview }) {
    if (preview) return { id: '', state: { ...inputs, ...unknown } };
    const { comment, names, addresses, authority, authorityKey } = parsed(certificateSchema, inputs);
    const { signedBy } = await import('./openssl.ts');
    const made = await signedBy({ certificate: authority, key: authorityKey }, comment, { names, addresses });
    return { id: comment, state: { ...inputs, ...sealed(made) } };
  },
};

const sealed = ({ certificate, key }: { certificate: string; key: string }) => ({
  certificate,
  privateKey: markSecret(key),
});
const unknown = sealed({ certificate: UNKNOWN, key: UNKNOWN });
