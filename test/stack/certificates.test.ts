import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DeclaredResource, runProgram, sealed } from './program.ts';
import { clouds, stackOf, withSecrets } from './samples.ts';

// Lostops has a database whose clients check its certificate.

/** Private addresses of its database's machine, as the cloud plans them or the file names them */
const addresses: Readonly<Record<(typeof clouds)[number], string>> = {
  ...{ openstack: '10.64.0.32', azure: '10.64.0.32', aws: '10.64.0.32' },
  ...{ existing: '10.20.0.11', local: '10.213.9.32' },
};

describe.each(clouds)('on %s', (cloud) => {
  let declared: readonly DeclaredResource[];
  beforeAll(async () => {
    ({ declared } = await runProgram('prod', withSecrets(stackOf('lostops', cloud)).config));
  });
  const named = (name: string, type: string): DeclaredResource => {
    const found = declared.find((one) => one.name === name && one.type === type);
    expect(found, `${type} ${name}`).toBeDefined();
    return found as DeclaredResource;
  };
  const released = (machine: string): string => {
    const { inputs } = named(`${machine}-release`, 'command:remote:Command');
    return gunzipSync(Buffer.from(String(sealed(inputs.stdin)).split('\n')[1] ?? '', 'base64')).toString();
  };

  test("the database's certificate is for the name of its service and the private address of its machine", () => {
    const names = ['mysql', 'localhost'];
    const own = [addresses[cloud], '127.0.0.1'];
    const { inputs } =
      cloud === 'local'
        ? named('lostops-database-certificate', 'berthlocal:index:Certificate')
        : named('lostops-database-certificate-request', 'tls:index/certRequest:CertRequest');
    expect(inputs).toMatchObject(cloud === 'local' ? { names, addresses: own } : { dnsNames: names, ipAddresses: own });
  });

  test('its key and that of the authority are secret wherever they are an input', () => {
    const own = declared.filter(({ type }) => /^(tls|berthlocal:index:Certificate)/.test(type));
    const keys = own.flatMap(({ inputs }) =>
      ['privateKeyPem', 'caPrivateKeyPem', 'authorityKey'].flatMap((name) => (name in inputs ? [inputs[name]] : [])),
    );
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(String(sealed(key))).toContain('private half');
  });

  test('the key goes to the machine of the database alone, the authority to its clients too', () => {
    const key = cloud === 'local' ? 'half of lostops-database-certificate' : 'half of lostops-database-certificate-key';
    const files = ['database', 'app', 'monitoring'].map((role) => released(`lostops-${role}-0`));
    expect(files.map((text) => text.includes(key))).toEqual([true, false, false]);
    expect(files.map((text) => text.includes('%etc%berth-tls%authority.crt'))).toEqual([true, true, false]);
  });
});

test('a system without a certificate has no authority', async () => {
  const { declared } = await runProgram('prod', withSecrets(stackOf('mad', 'azure')).config);
  expect(declared.filter(({ name }) => name.includes('authority'))).toEqual([]);
});

test('a certificate is renewed by a deployment years before its end, its authority by the same key', async () => {
  const { declared } = await runProgram('prod', withSecrets(stackOf('lostops', 'aws')).config);
  const of = (type: string) => declared.filter((one) => one.type === type).map(({ inputs }) => inputs);
  const [authority, certificate] = ['selfSignedCert:SelfSignedCert', 'locallySignedCert:LocallySignedCert'].map(
    (type) => of(`tls:index/${type}`)[0] as { validityPeriodHours: number; earlyRenewalHours: number },
  );
  const years = (hours = 0) => hours / 24 / 365;
  expect([years(certificate?.validityPeriodHours), years(certificate?.earlyRenewalHours)]).toEqual([5, 3]);
  expect([years(authority?.validityPeriodHours), years(authority?.earlyRenewalHours)]).toEqual([30, 15]);
});
