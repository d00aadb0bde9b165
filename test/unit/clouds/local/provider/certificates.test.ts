import { expect, test } from 'vitest';
import { authority, certificate } from '../../../../../src/clouds/local/provider/certificates.ts';
import type { CallContext } from '../../../../../src/pulumi/plugin/handler.ts';
import { containsUnknown, isSecret, unwrap } from '../../../../../src/pulumi/plugin.ts';

const context = { preview: false } as CallContext;

test('keys of the authority and of its certificates are secret in the state', async () => {
  const own = await authority.create({ comment: 'shop-authority' }, context);
  expect(isSecret(own.state.privateKey)).toBe(true);
  const { certificate: text, privateKey } = unwrap(own.state);
  const inputs = {
    ...{ comment: 'shop-database-certificate', names: ['mysql'], addresses: ['10.213.9.32'] },
    ...{ authority: text, authorityKey: privateKey },
  };
  const made = await certificate.create(inputs, context);
  expect(isSecret(made.state.privateKey)).toBe(true);
  expect(made.state.certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
});

test('a preview makes none', async () => {
  const { state } = await authority.create({ comment: 'shop-authority' }, { ...context, preview: true });
  expect(containsUnknown(state.certificate)).toBe(true);
  expect(containsUnknown(unwrap(state).privateKey)).toBe(true);
});

test('what does not fit a certificate is refused before', async () => {
  const inputs = { comment: 'a b', names: ['*'], addresses: ['db'], authority: '', authorityKey: '' };
  const checked = await certificate.check?.(inputs, undefined, { urn: '', name: '' });
  expect(checked?.failures).toHaveLength(3);
});
