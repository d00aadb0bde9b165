import { z } from 'zod';
import { markSecret, type ResourceHandler, UNKNOWN } from '../../../pulumi/plugin.ts';
import { checkInputs, parsed } from './inputs.ts';

const schema = z.strictObject({ comment: z.string().regex(/^[\x21-\x7e]+$/, 'one word of printable characters') });

/**
 * Ed25519 key pair in OpenSSH's format, generated once: `publicKey` is one line, `privateKey` is secret. Needs no
 * docker.
 */
export const sshKey: ResourceHandler = {
  check: (news) => checkInputs(schema, news),
  async create(inputs, { preview }) {
    if (preview) return { id: '', state: { ...inputs, publicKey: UNKNOWN, privateKey: markSecret(UNKNOWN) } };
    const { comment } = parsed(schema, inputs);
    // Imported here, so that a run that generates no key does not wait for it
    const { keyPair } = await import('../../../keyPair.ts');
    const pair = keyPair(comment);
    return { id: comment, state: { ...inputs, publicKey: pair.public.trim(), privateKey: markSecret(pair.private) } };
  },
};
