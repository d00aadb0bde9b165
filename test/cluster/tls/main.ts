import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { serve } from '../../../src/pulumi/plugin/serve.ts';
import { markSecret, type Properties, type ResourceHandler, UNKNOWN, unwrap } from '../../../src/pulumi/plugin.ts';

// Stands in for Pulumi's provider of certificates: what berth declares of it, with real keys and certificates by openssl

const text = z.string();
const subject = z.object({ commonName: text });
const uses: Readonly<Record<string, string>> = {
  ...{ cert_signing: 'keyUsage=keyCertSign', crl_signing: 'keyUsage=cRLSign' },
  ...{ digital_signature: 'keyUsage=digitalSignature', server_auth: 'extendedKeyUsage=serverAuth' },
};

const privateKey = made(z.looseObject({}), ['privateKeyPem', 'publicKeyPem'], () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKeyPem: markSecret(privateKey.export({ type: 'sec1', format: 'pem' })),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
  };
});

const selfSignedCert = made(
  z.looseObject({ privateKeyPem: text, subject, allowedUses: z.array(text), validityPeriodHours: z.number() }),
  ['certPem'],
  ({ privateKeyPem, subject, allowedUses, validityPeriodHours }) => ({
    certPem: openssl({ key: privateKeyPem }, [
      ...[
        'req',
        '-x509',
        '-new',
        '-key',
        'key',
        '-subj',
        `/CN=${subject.commonName}`,
        '-days',
        days(validityPeriodHours),
      ],
      ...extensions(allowedUses).flatMap((one) => ['-addext', one]),
    ]),
  }),
);

const certRequest = made(
  z.looseObject({ privateKeyPem: text, subject, dnsNames: z.array(text), ipAddresses: z.array(text) }),
  ['certRequestPem'],
  ({ privateKeyPem, subject, dnsNames, ipAddresses }) => {
    const names = [...dnsNames.map((name) => `DNS:${name}`), ...ipAddresses.map((address) => `IP:${address}`)];
    const words = ['-subj', `/CN=${subject.commonName}`, '-addext', `subjectAltName=${names.join(',')}`];
    return { certRequestPem: openssl({ key: privateKeyPem }, ['req', '-new', '-key', 'key', ...words]) };
  },
);

const locallySignedCert = made(
  z.looseObject({
    ...{ certRequestPem: text, caPrivateKeyPem: text, caCertPem: text },
    ...{ allowedUses: z.array(text), validityPeriodHours: z.number() },
  }),
  ['certPem'],
  ({ certRequestPem, caPrivateKeyPem, caCertPem, allowedUses, validityPeriodHours }) => {
    const more = ['basicConstraints=critical,CA:FALSE', ...extensions(allowedUses)].join('\n');
    const files = { request: certRequestPem, 'ca.key': caPrivateKeyPem, 'ca.crt': caCertPem, more };
    const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days(validityPeriodHours)];
    return {
      certPem: openssl(files, [
        'x509',
        '-req',
        '-in',
        'request',
        ...by,
        '-copy_extensions',
        'copy',
        '-extfile',
        'more',
      ]),
    };
  },
);

/** A resource that is made from its inputs, once */
function made<Inputs>(schema: z.ZodType<Inputs>, outputs: readonly string[], make: (inputs: Inputs) => Properties) {
  return {
    async create(inputs, { preview, name }) {
      const unknown = Object.fromEntries(outputs.map((output) => [output, UNKNOWN]));
      return { id: name, state: { ...inputs, ...(preview ? unknown : make(schema.parse(unwrap(inputs)))) } };
    },
  } satisfies ResourceHandler;
}

const days = (hours: number): string => `${Math.ceil(hours / 24)}`;

/** One line for each kind of use */
function extensions(allowed: readonly string[]): readonly string[] {
  const found = allowed.map((use) => (uses[use] ?? '').split('='));
  return [...new Set(found.map(([kind]) => kind))].map(
    (kind) => `${kind}=critical,${found.flatMap(([one, what]) => (one === kind ? [what] : [])).join(',')}`,
  );
}

/** Runs openssl beside these files. @returns what it writes */
function openssl(files: Readonly<Record<string, string>>, words: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-tls-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    execFileSync('openssl', [...words, '-out', 'out'], { cwd: folder, stdio: 'pipe' });
    return readFileSync(join(folder, 'out'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

serve({
  name: 'tls',
  version: '5.6.1',
  resources: {
    'tls:index/privateKey:PrivateKey': privateKey,
    'tls:index/selfSignedCert:SelfSignedCert': selfSignedCert,
    'tls:index/certRequest:CertRequest': certRequest,
    'tls:index/locallySignedCert:LocallySignedCert': locallySignedCert,
  },
  functions: {},
});
