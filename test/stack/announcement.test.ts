import * as pulumi from '@pulumi/pulumi';
import { expect, test, vi } from 'vitest';
import { announce } from '../../src/hosts/release.ts';

const connection = { host: '203.0.113.10', port: 22, user: 'debian', dialErrorLimit: 45, privateKey: 'the deploy key' };

/** As the engine's protocol writes a secret, where the SDK has not taken the mark off */
const marked = (value: unknown) => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});

test.each<[string, unknown]>([
  ['plain', connection],
  ['a secret', pulumi.secret(connection)],
  ['a secret in a secret', pulumi.secret(marked(connection))],
  ['a secret with secret parts', pulumi.secret({ ...connection, host: marked('203.0.113.10'), port: marked(22) })],
  ['a secret in each of two outputs', pulumi.secret(pulumi.output(marked(marked(connection))))],
])('the announcement names host, port and user, whatever marks a plugin has put on them: %s', async (_form, given) => {
  const info = vi.spyOn(pulumi.log, 'info').mockResolvedValue();
  try {
    await announce({ name: 'web-0-ready', newInputs: { connection: given } });
    expect(info).toHaveBeenCalledOnce();
    const said = info.mock.calls[0]?.[0];
    expect(said).toMatch(/^web-0: waiting for debian@203\.0\.113\.10:22 to boot and answer/);
    expect(said).not.toContain('the deploy key');
  } finally {
    info.mockRestore();
  }
});
