import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { networkOf, notListed, onlyBastions } from '../../../src/cli/preflight/operators.ts';
import { ownAddress } from '../../../src/cli/preflight/ownAddress.ts';
import type { AdoptedHost } from '../../../src/model/adoptedHost.ts';
import { blueprint, role } from '../render/fixtures.ts';
import { berthHere, environmentFile, notReady, put, temporaryFolder } from './berth.ts';

/** Somebody who tells an address, as plain text */
async function teller(answer: string, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The operators' networks are 198.51.100.0/24 and 192.0.2.0/25 */
async function preflight(cloud: 'local' | 'openstack', url: string) {
  const project = temporaryFolder();
  put(project, 'Pulumi.yaml', 'name: berth\n');
  const region = cloud === 'openstack' ? '      region: GRA7\n' : '';
  const file = environmentFile(cloud)
    .replace(
      'sshPublicKeys: []',
      'sshPublicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ada"]',
    )
    .replace('      version', `${region}      version`)
    .replace('size: small', `size: ${cloud === 'local' ? 'small' : 's1-2'}`);
  const settings =
    cloud === 'openstack'
      ? '  berth:clouds: { openstack: { project: 0123456789abcdef0123456789abcdef, network: public, logsService: ldp-ab-12345 } }\n'
      : '';
  put(project, 'Pulumi.preprod.yaml', `${file}${settings}`);
  return berthHere(['preflight', 'preprod'], project, { BERTH_ADDRESS_URL: url });
}

test("a computer in an operators' network may deploy", async () => {
  const { code, stdout, stderr } = await preflight('openstack', await teller('192.0.2.127\n'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(notReady('preprod')) });
  expect(stdout).toBe("192.0.2.127 is in the operators' network 192.0.2.0/25 of stack preprod\n");
});

test('another one may not, and reads the line to add', async () => {
  const { code, stdout, stderr } = await preflight('openstack', await teller('192.0.2.128'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    "192.0.2.128 is not in the operators' networks of stack preprod (198.51.100.0/24, 192.0.2.0/25)",
  );
  expect(stderr).toContain('networks: [198.51.100.0/24, 192.0.2.0/25, 192.0.2.128/32]');
  expect(stderr).not.toMatch(/^ +at /m);
});

test('a stack of local machines asks nobody', async () => {
  const { code, stdout } = await preflight('local', 'http://127.0.0.1:9/');
  expect(code).toBe(0);
  expect(stdout).toContain('has only local machines');
});

test('a stack whose machines all stand behind bastions asks nobody; one that is reached without a bastion counts', () => {
  const host = { address: '10.20.0.20', port: 22, user: 'debian', hostKey: '', keepOpen: [] };
  const behind = (last: number) => ({ ...host, proxy: { ...host, address: `198.51.100.${last}` } });
  const of = (...hosts: AdoptedHost[]) => blueprint({ roles: { web: role({ count: hosts.length, hosts }) } });
  expect(onlyBastions([of(behind(7), behind(7)), of(behind(8))])).toEqual(['198.51.100.7:22', '198.51.100.8:22']);
  expect(onlyBastions([of(behind(7), host)])).toBeUndefined();
  expect(onlyBastions([of(behind(7)), blueprint({ roles: { web: role() } })])).toBeUndefined();
});

test('the line to add is YAML, and lets the computer in', () => {
  const text = notListed('prod', '203.0.113.9', ['198.51.100.0/24']);
  const { networks } = parse(text.slice(text.indexOf('  config:'), text.indexOf('and deploy'))).config[
    'berth:operators'
  ];
  expect(networkOf('203.0.113.9', ['198.51.100.0/24'])).toBeUndefined();
  expect(networkOf('203.0.113.9', networks)).toBe('203.0.113.9/32');
});

test('what is no address, or no answer, says how to ask somebody else', async () => {
  const page = ownAddress(await teller('<html>Please log in to this network</html>'));
  await expect(page).rejects.toThrow(/answered "<html>.*not an IPv4 address.*BERTH_ADDRESS_URL/);
  await expect(ownAddress(await teller('2001:db8::1'))).rejects.toThrow('not an IPv4 address');
  await expect(ownAddress(await teller('busy', 503))).rejects.toThrow('status 503');
  await expect(ownAddress('http://127.0.0.1:9/')).rejects.toThrow(/\(.+\).*BERTH_ADDRESS_URL/);
});
