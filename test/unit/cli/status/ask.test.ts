import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../../src/cli/status/ask.ts';
import { certificateOf } from '../../../certificate.ts';

const name = 'shop.localhost';
const { certificate, key } = certificateOf([name]);

async function site() {
  const server = createServer({ cert: certificate, key }, (_, response) => response.end('1.0.0'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: new URL(`https://${name}:${(server.address() as AddressInfo).port}/`), address: '127.0.0.1' };
}

test.each([
  ['the authority that the stack rehearses with gave it', certificate, true],
  ['another has its name alone', certificateOf([name]).certificate, false],
])('a certificate that this computer does not know is told: %s', async (_, roots, rehearses) => {
  const answer = await ask(await site(), roots);
  expect(answer).toMatchObject({ kind: 'answer', status: 200, body: '1.0.0' });
  expect(answer).toMatchObject({ certificate: { issuer: name, trusted: false, forSite: true, rehearses } });
});

test('without a rehearsal nothing is said of one', async () => {
  const answer = await ask(await site());
  expect(answer).toMatchObject({ certificate: { trusted: false } });
  expect(answer).not.toHaveProperty('certificate.rehearses');
});
